"""A purchase opened a right for later ones."""

import pytest

from portal.notifications.kinds import KINDS
from tests.notifications.voices import words


@pytest.mark.parametrize(
    ("language", "title", "body"),
    [
        ("ru", "Открыто: −20 % на растения", "До 3 апреля включительно. Покажите карту на кассе."),
        ("en", "Open to you: 20% off plants", "Until 3 April inclusive. Show the card at the till."),
    ],
)
def test_it_says_what_and_until_when(language: str, title: str, body: str):
    told = words("privilege_opened", language)
    assert (told.title, told.body) == (title, body)


def test_a_title_in_one_language_serves_both():
    assert words("privilege_opened", "en", title="−20 %").title == "Open to you: −20 %"


def test_an_offer_is_marketing():
    assert KINDS["privilege_opened"].topic.marketing
