"""The next tier is near: the member is told what is left, until when and what for."""

import pytest

from portal.notifications.kinds import KINDS
from tests.notifications.voices import words


@pytest.mark.parametrize(("language", "title"), [("ru", "Ещё 480 ₽ до Like"), ("en", "RUB 480 more to Like")])
def test_what_is_left_is_named(language: str, title: str):
    assert words("tier_near", language).title == title


def test_the_last_day_is_named_and_what_the_tier_gives():
    assert words("tier_near", "ru").body == "Последний день – 31 декабря. Like даёт: 7,5 % баллами вместо 5 %."
    assert words("tier_near", "en", last_day=None, benefits=[]).body == "The tier works from the next purchase on."


def test_purchases_are_counted():
    assert words("tier_near", "ru", metric="purchases", value=3, goal=4).title == "Ещё 1 покупка до Like"


def test_it_invites_to_buy_so_the_members_budget_holds():
    assert KINDS["tier_near"].topic.marketing
