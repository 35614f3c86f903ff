"""A member's tier has changed."""

import pytest

from tests.notifications.voices import words


@pytest.mark.parametrize(("language", "title"), [("ru", "Ваш новый уровень – Like"), ("en", "Your new tier is Like")])
def test_a_rise_is_told_with_what_it_gives(language: str, title: str):
    told = words("tier_changed", language)
    assert told.title == title
    assert told.body.endswith("−10 %.")
    assert told.path == "/tier"


def test_a_tier_without_benefits_still_says_from_when_it_works():
    assert words("tier_changed", "en", benefits=[]).body == "It works from your next purchase on."


@pytest.mark.parametrize(
    ("cause", "why"),
    [
        ("refund", "You brought back the purchase"),
        ("period", "The purchases of the last period were not enough"),
        ("manual_ended", "The tier that the shop gave you"),
        ("manual", "The tier that the shop gave you"),
    ],
)
def test_a_fall_says_why_and_that_points_stay(cause: str, why: str):
    told = words("tier_changed", "en", up=False, cause=cause, tier="Want")
    assert told.title == "Your tier is Want now"
    assert told.body.startswith(why)
    assert "oints" in told.body


def test_a_title_in_two_languages_is_told_in_the_members():
    assert words("tier_changed", "en", tier={"ru": "Золотой", "en": "Gold"}).title == "Your new tier is Gold"
