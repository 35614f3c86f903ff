"""A purchase brought points."""

import pytest

from tests.notifications.voices import words


@pytest.mark.parametrize(
    ("language", "points", "title"),
    [
        ("ru", 1, "+1 балл"),
        ("ru", 3, "+3 балла"),
        ("ru", 1120, "+1 120 баллов"),
        ("en", 1, "+1 point"),
        ("en", 2, "+2 points"),
    ],
)
def test_the_title_is_the_points(language: str, points: int, title: str):
    assert words("purchase", language, points=points).title == title


@pytest.mark.parametrize(
    ("language", "from_day", "body"),
    [
        ("ru", "2026-03-18", "За покупку. Доступны с 18 марта."),
        ("en", "2027-01-02", "For your purchase. Available from 2 January 2027."),
        ("ru", None, "За покупку. Доступны сразу."),
        ("en", None, "For your purchase. Available at once."),
    ],
)
def test_it_says_from_when(language: str, from_day: str | None, body: str):
    assert words("purchase", language, from_day=from_day).body == body


def test_it_leads_to_the_entry_that_explains_it():
    assert words("purchase", "ru", entry=41).path == "/history/41"
