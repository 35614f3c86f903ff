"""A purchase was paid with points."""

import pytest

from tests.notifications.voices import words


@pytest.mark.parametrize(
    ("language", "earned", "body"),
    [
        ("ru", 15, "Начислено за покупку: 15 баллов. Осталось: 85 баллов."),
        ("ru", 0, "Осталось: 85 баллов."),
        ("en", 1, "Earned by the purchase: 1 point. Left: 85 points."),
        ("en", 0, "Left: 85 points."),
    ],
)
def test_it_says_what_came_and_what_is_left(language: str, earned: int, body: str):
    assert words("redemption", language, earned=earned).body.startswith(body)


@pytest.mark.parametrize(
    ("language", "doubt"),
    [("ru", "Если это были не вы, сразу скажите магазину."), ("en", "If it was not you, tell the shop at once.")],
)
def test_whoever_did_not_pay_is_told_what_to_do(language: str, doubt: str):
    assert words("redemption", language).body.endswith(doubt)


def test_it_leads_to_the_receipt():
    assert words("redemption", "en", points=1).title == "1 point paid"
    assert words("redemption", "ru", entry=8).path == "/history/8"
