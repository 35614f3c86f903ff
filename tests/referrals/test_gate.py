import pytest

from portal.referrals.gate import DECISIONS, Attempt, decide

EVERYTHING_WRONG = {
    "same_person": True,
    "known_person": True,
    "same_device": True,
    "accepted": 20,
    "in_circle": True,
    "days_since_click": 31,
}


def decision(**facts: object) -> str:
    return decide(Attempt(**facts), attribution_days=30, monthly_limit=20)


@pytest.mark.parametrize(("place", "reason"), list(enumerate(DECISIONS[1:])))
def test_the_first_reason_wins(place: int, reason: str):
    wrong = dict(list(EVERYTHING_WRONG.items())[place:])
    assert decision(**wrong) == reason


def test_day_thirty_still_counts():
    assert decision(days_since_click=30) == "ok"
    assert decision(days_since_click=31) == "expired"


def test_a_typed_code_never_expires():
    assert decision() == "ok"


def test_the_last_of_a_month_is_accepted():
    assert decision(accepted=19) == "ok"
    assert decision(accepted=20) == "limit"
