"""Points run out in ten days."""

import pytest

from portal.notifications.kinds import KINDS
from tests.notifications.voices import words


@pytest.mark.parametrize(
    ("language", "points", "title"),
    [
        ("ru", 1, "До 15 марта включительно: 1 балл"),
        ("ru", 42, "До 15 марта включительно: 42 балла"),
        ("en", 120, "Until 15 March inclusive: 120 points"),
    ],
)
def test_the_last_day_is_said_as_one_that_still_counts(language: str, points: int, title: str):
    assert words("points_expiring", language, points=points).title == title


@pytest.mark.parametrize(
    ("language", "advice"), [("ru", "покажите карту на кассе"), ("en", "show the card at the till")]
)
def test_it_says_what_to_do(language: str, advice: str):
    told = words("points_expiring", language)
    assert advice in told.body
    assert told.path == "/card"


def test_it_is_no_marketing_and_worth_a_letter():
    kind = KINDS["points_expiring"]
    assert (kind.topic.marketing, kind.important, kind.patient) == (False, True, True)
