"""Somebody joined."""

import pytest

from portal.referrals.gate import DECISIONS
from tests.notifications.voices import words


@pytest.mark.parametrize(
    ("points", "title"),
    [(1, "1 балл за вступление"), (22, "22 балла за вступление"), (300, "300 баллов за вступление")],
)
def test_points_agree_with_their_number(points: int, title: str):
    assert words("welcome", "ru", points=points).title == title


def test_the_last_day_is_said():
    assert words("welcome", "ru").body == "Ими можно платить уже сегодня, действуют до 18 марта включительно."
    assert words("welcome", "en").body == "You can pay with them from today; they are valid until 18 March inclusive."


@pytest.mark.parametrize(
    ("language", "body"), [("ru", "Ими можно платить уже сегодня."), ("en", "You can pay with them from today.")]
)
def test_points_without_an_end_have_no_last_day(language: str, body: str):
    assert words("welcome", language, last_day=None).body == body


@pytest.mark.parametrize(("language", "title"), [("ru", "Ваша карта готова"), ("en", "Your card is ready")])
def test_a_shop_that_gives_nothing_for_joining_has_a_card_to_show(language: str, title: str):
    assert words("welcome", language, points=0, last_day=None).title == title


@pytest.mark.parametrize("reason", DECISIONS[1:])
def test_an_invitation_that_does_not_count_says_why(reason: str):
    ru, en = (words("welcome", language, missed=reason).body for language in ("ru", "en"))
    counts = reason == "cycle"  # of somebody who is new there is none
    assert ("Приглашение не засчитано: " in ru, "The invitation does not count: " in en) == (not counts, not counts)
    assert ru.startswith("Ими можно платить")
