"""The member's own holiday is near, is today, or is nearly over."""

import pytest

from portal.notifications.kinds import KINDS
from tests.notifications.voices import words


@pytest.mark.parametrize(
    ("moment", "title"),
    [("before", "Скоро ваш праздник"), ("day", "С праздником"), ("last", "Подарок к празднику ещё ждёт")],
)
def test_each_moment_has_its_words(moment: str, title: str):
    told = words("own_holiday", "ru", moment=moment)
    assert told.title == title
    assert told.body == "−10 % на всё: на одну покупку, до 12 марта включительно. Покажите карту на кассе."


def test_it_is_an_offer():
    assert KINDS["own_holiday"].topic.marketing
    assert words("own_holiday", "en").path == "/offers"
