"""The shop gave a member something."""

import pytest

from portal.notifications.kinds import KINDS
from tests.notifications.voices import words


@pytest.mark.parametrize(
    ("language", "title", "body"),
    [
        ("ru", "Вам подарок: тканевая маска", "До 3 апреля включительно. Покажите карту на кассе."),
        ("en", "For you: a sheet mask", "Until 3 April inclusive. Show the card at the till."),
    ],
)
def test_it_says_what_and_until_when(language: str, title: str, body: str):
    told = words("gift_given", language)
    assert (told.title, told.body) == (title, body)


def test_what_has_no_end_names_none():
    assert words("gift_given", "en", last_day=None).body == "Show the card at the till."


def test_a_gift_is_an_offer():
    assert KINDS["gift_given"].topic.marketing
