"""Whatever is bought with and for perks, and brought back in whatever order, leaves every perk as it was."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from portal.db import Batch, epoch, transaction
from portal.perks import operations as perks
from tests.programme.shop import BASE5, DAY, NOW, OPENED, Shop, line, rulebook

BACK = NOW + 5 * DAY
LATER = NOW + 10 * DAY
OWN_SHARE = {"type": "discount_percent", "rate_bp": 1000}
RULES = (
    {**BASE5, "caps": [{"scope": "member_day", "max_points": 4000}]},
    {"id": "open", "priority": 90, "effects": [
        {"type": "unlock", "privilege": "aqua", "valid_days": 60, "uses": 2, "lines": {"sku": ["AQUA"]}}]},
    {"id": "aqua", "priority": 5, "when": {"type": "privilege", "id": "aqua"}, "consumes": "aqua",
     "effects": [OWN_SHARE], "caps": [{"scope": "rule_total", "max_uses": 5}]},
    {"id": "vip", "priority": 6, "when": {"type": "segment", "in": ["vip"]}, "effects": [OWN_SHARE],
     "caps": [{"scope": "member_total", "max_minor": 90_000}]},
    {"id": "mask", "priority": 7, "effects": [
        {"type": "gift_item", "wallet": "masks", "lines": {"sku": ["MASK"]}}]},
    {"id": "issue", "priority": 91, "when": {"type": "receipt_total", "min": 40_000},
     "effects": [{"type": "issue_coupon", "template": "back10", "valid_days": 60}]},
    {"id": "take", "priority": 8, "when": {"type": "coupon", "template": "back10"}, "effects": [OWN_SHARE]},
)  # fmt: skip
SALE = st.lists(st.tuples(st.sampled_from(["AQUA", "MASK", "SKU"]), st.integers(1_000, 90_000)), min_size=1, max_size=3)
STANDING = {
    "privileges": "select member_id, privilege, uses_left from privilege"
    " where until > :at and (uses_left is null or uses_left > 0)",
    "coupons": "select member_id, code, uses_left from coupon where (until is null or until > :at) and uses_left > 0",
    "segments": "select member_id, segment, uses_left from segment_assignment",
    "caps": "select member_id, day, rule, points, minor, uses from rule_usage where points + minor + uses > 0",
    "purchases": "select member_id, purchases, kept_minor, kept_purchases, kept_most from purchase_history"
    " where purchases > 0 or kept_purchases > 0",
}


@pytest.fixture
def shop(sqlite: Engine) -> Shop:
    shop = Shop(sqlite)
    wallets = [{"id": "masks", "kind": "gift"}]
    shop.publish(rulebook(*RULES, wallets=wallets, coupons=[{"id": "back10"}], privileges=[{"id": "aqua"}]))
    return shop


def holder(shop: Shop, run: int) -> str:
    """Make a member who has some of every perk, none by a receipt."""
    member = shop.join(f"member{run}@example.org")
    shop.give(member, 3, wallet="masks")
    shop.give(member, 500)
    shop.assign(member, "vip", uses=2)
    batch = Batch()
    perks.open_privilege(
        batch, member, privilege="aqua", at=OPENED, until=NOW + 60 * DAY, uses=2, receipt_id=None
    )  # fmt: skip
    with transaction(shop.engine, writes=True) as session:
        batch.flush(session)
        perks.give_coupon(session, template="back10", code=f"OWN-{run}", at=OPENED, until=None)
    return member


def standing(shop: Shop, *members: str) -> dict[str, Any]:
    """Return all that can be used, and what is counted."""
    with transaction(shop.engine, writes=False) as session:
        found: dict[str, Any] = {
            name: sorted(map(repr, session.execute(text(sql), {"at": epoch(LATER)} if ":at" in sql else {})))
            for name, sql in STANDING.items()
        }
    for member in members:
        found[member] = [shop.available(member, at=LATER, wallet=wallet) for wallet in ("points", "masks")]
    return found


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_refund_of_everything_leaves_every_perk_as_it_was(shop: Shop, data: Any):
    run = next(shop.numbers)
    members = [holder(shop, run), holder(shop, next(shop.numbers))]
    before = standing(shop, *members)
    codes, left = [f"OWN-{run}"], list[tuple[str, int]]()
    for n, sale in enumerate(data.draw(st.lists(SALE, min_size=1, max_size=4))):
        buyer = data.draw(st.sampled_from([*members, None]))
        shown = data.draw(st.lists(st.sampled_from(codes), max_size=1))
        lines = [line(i, gross, sku=sku) for i, (sku, gross) in enumerate(sale, 1)]
        spent = data.draw(st.sampled_from([0, "max"])) if buyer else 0
        at = NOW + timedelta(hours=n)
        bought = shop.buy(buyer, *lines, at=at, coupons=shown, points_requested=spent)
        codes += [each.code for each in bought.coupons if each.code]
        left += [(bought.receipt_id or "", i) for i in range(1, len(lines) + 1)]
    for place in data.draw(st.permutations(range(len(left)))):
        receipt_id, n = left[place]
        shop.refund(receipt_id, {n: Fraction(1)}, at=BACK)
    assert standing(shop, *members) == before
    assert shop.broken() == []
