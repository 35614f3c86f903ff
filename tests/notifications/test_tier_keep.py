"""A tier is about to be lost for want of a little."""

import pytest

from tests.notifications.voices import words


@pytest.mark.parametrize(
    ("language", "title"), [("ru", "Ещё 2 000 ₽, чтобы сохранить Gold"), ("en", "RUB 2,000 more to keep Gold")]
)
def test_what_is_left_is_named(language: str, title: str):
    assert words("tier_keep", language).title == title


def test_the_last_day_is_named_and_points_stay():
    told = words("tier_keep", "ru")
    assert "30 июня" in told.body
    assert "баллы останутся" in told.body


def test_purchases_are_counted_and_kopecks_shown_where_there_are_any():
    assert words("tier_keep", "ru", metric="purchases", value=2, goal=4).title == "Ещё 2 покупки, чтобы сохранить Gold"
    assert words("tier_keep", "ru", value=999_950).title == "Ещё 0,50 ₽, чтобы сохранить Gold"
