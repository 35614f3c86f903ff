import pytest

from tests.rulebook.shop import GUEST, buy, holds, line, miss, rule, shop

AQUA = {"type": "privilege", "id": "aqua20"}


def holding(*privileges: dict) -> dict:
    return {"id": "m", "privileges": list(privileges)}


@pytest.mark.parametrize(
    ("privilege", "expected"),
    [
        ({"id": "aqua20"}, True),
        ({"id": "aqua20", "until": "2026-03-04T12:00:01", "uses_left": 1}, True),
        ({"id": "aqua20", "until": "2026-03-04T12:00:00", "uses_left": 1}, False),
        ({"id": "aqua20", "until": "2026-03-04T09:00:01+00:00"}, True),
        ({"id": "aqua20", "uses_left": 0}, False),
        ({"id": "other"}, False),
    ],
)
def test_held_in_date_with_uses_left(privilege: dict, *, expected: bool):
    assert holds(AQUA, member=holding(privilege)) is expected


def test_one_good_privilege_among_spent_ones_is_enough():
    assert holds(AQUA, member=holding({"id": "aqua20", "uses_left": 0}, {"id": "aqua20", "uses_left": 1}))


def test_a_miss_tells_when_it_ended():
    assert miss(AQUA, member=GUEST) == {"reason": "privilege", "id": "aqua20", "ended": None}
    found = miss(AQUA, member=holding({"id": "aqua20", "until": "2026-03-01T00:00:00+03:00"}))
    assert found["ended"] == "2026-03-01T00:00:00+03:00"


def test_a_privilege_is_consumed_once_and_only_by_a_rule_that_did_something():
    twenty = {"type": "discount_percent", "rate_bp": 2000, "lines": {"category": ["plants"]}}
    rulebook = shop(
        rule(twenty, when=AQUA, consumes="aqua20"),
        rule({"type": "discount_fixed", "amount": 100}, name="s", when=AQUA, consumes="aqua20"),
    )
    member = holding({"id": "aqua20", "uses_left": 1})
    assert buy(rulebook, line(1000, category="plants"), member=member).consumed == ("aqua20",)
    assert buy(shop(rule(twenty, when=AQUA, consumes="aqua20")), line(1000), member=member).consumed == ()


def test_a_privilege_that_is_not_held_is_not_consumed():
    rulebook = shop(rule({"type": "discount_fixed", "amount": 100}, consumes="aqua20"))
    assert buy(rulebook, line(1000), member=holding()).consumed == ()
