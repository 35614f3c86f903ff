"""Somebody a member invited has joined."""

import pytest

from tests.notifications.voices import words


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("ru", "Первая покупка друга принесёт вам 50 баллов."),
        ("en", "Your friend’s first purchase will bring you 50 points."),
    ],
)
def test_points_that_wait_for_a_purchase_are_promised(language: str, body: str):
    assert words("friend_joined", language).body == body


def test_points_given_at_once_are_told():
    assert words("friend_joined", "ru", waits=False).body == "Вам начислено 50 баллов."
    assert words("friend_joined", "en", waits=False, points=1).body == "You have received 1 point."


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_shop_that_rewards_nobody_says_thank_you(language: str):
    told = words("friend_joined", language, points=0)
    assert "балл" not in told.body
    assert "point" not in told.body


def test_the_friend_is_not_named_on_a_lock_screen():
    assert words("friend_joined", "en").title == "Your friend has joined"
