"""Points that waited can be spent."""

import pytest

from portal.notifications.kinds import KINDS
from tests.notifications.voices import words


@pytest.mark.parametrize(
    ("language", "points", "title"),
    [
        ("ru", 1, "Можно тратить: 1 балл"),
        ("ru", 34, "Можно тратить: 34 балла"),
        ("ru", 120, "Можно тратить: 120 баллов"),
        ("en", 1, "Ready to spend: 1 point"),
        ("en", 120, "Ready to spend: 120 points"),
    ],
)
def test_the_title_says_how_many(language: str, points: int, title: str):
    assert words("points_released", language, points=points).title == title


def test_points_are_released_at_midnight_and_told_in_the_morning():
    assert KINDS["points_released"].patient
