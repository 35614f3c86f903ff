"""Faults planted between receipts and ledger are found, and those in tiers, certificates and the shelf."""

import pytest
from sqlalchemy import Engine, text

from portal.db import run
from portal.perks.operations.shelf import put_on_shelf
from portal.perks.shelf import Reward
from portal.programme.certificates import issue_certificates
from tests.programme.shop import BASE5, DAY, NOW, Shop, line, rulebook
from tests.programme.tiers.ladders import ladder, opened

FAULTS = {
    "a receipt's grant is lost": "update receipt set outcome = {outcome}",
    "more came back than was sold": "update refund set money = money + 1",
    "a full return that is none": "update receipt set fully_returned = true",
    "a purchase counted twice": "update purchase_history set purchases = purchases + 1",
    "purchases never counted": "delete from purchase_history",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(engine: Engine, fault: str) -> None:
    shop = Shop(engine)
    shop.publish(rulebook(BASE5))
    ada = shop.join("ada@example.org")
    bought = shop.buy(ada, line(1, 30000, qty=3))
    shop.refund(bought.receipt_id, {1: 1 if "none" in fault else 3})
    assert shop.broken() == []
    outcome = "replace(outcome, '\"points\":15', '\"points\":16')"
    if engine.dialect.name == "postgresql":
        outcome = "cast(replace(cast(outcome as text), '\"points\": 15', '\"points\": 16') as jsonb)"
    _plant(engine, FAULTS[fault].format(outcome=outcome))
    assert {each.invariant for each in shop.broken()} == {"receipts"}


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("update tier_standing set tier = 'gold'", "its changes lead to platinum, it stands on gold"),
        ("update tier_standing set number = 3", "2 changes are told, 3 are counted"),
        ("delete from tier_standing", "its tier changed, and it stands nowhere"),
        ("delete from tier_change", "it stands on a tier, and no change led there"),
        ("update tier_change set from_tier = 'bronze'", "a change does not begin where the one before it led"),
    ],
)
def test_a_standing_that_its_changes_do_not_explain_is_found(engine: Engine, fault: str, told: str) -> None:
    shop = Shop(engine)
    ada = opened(shop, ladder())
    shop.buy(ada, line(gross=1_000_000))
    shop.buy(ada, line(gross=3_000_000), at=NOW + DAY)
    assert shop.broken() == []
    _plant(engine, fault)
    assert [(each.invariant, each.member, each.text) for each in shop.broken()] == [("tiers", ada, told)]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("update certificate set left_over = left_over - 1", "99999 left, its entries come to 100000"),
        ("delete from certificate_entry", "100000 left, its entries come to 0"),
        ("update reward set taken = 1, stock = 3", "reward mug: 1 are taken, members have 0"),
    ],
)
def test_a_perk_that_nothing_explains_is_found(engine: Engine, fault: str, told: str) -> None:
    shop = Shop(engine)
    shop.publish(rulebook(BASE5))
    sold = shop.buy(None, line(gross=100_000, category="gift_certificate"))
    run(engine, lambda s: issue_certificates(s, sold.receipt_id, command=shop.command()), writes=True)
    mug = Reward(
        id="mug", title={"en": "Mug"}, about={}, points=300, left=None, opens_at=None, closes_at=None, tiers=(),
        per_member=None, valid_days=14, on_shelf=True,
    )  # fmt: skip
    run(engine, lambda session: put_on_shelf(session, mug, stock=3), writes=True)
    assert shop.broken() == []
    _plant(engine, fault)
    (found,) = shop.broken()
    assert (found.invariant, found.text.endswith(told)) == ("perks", True)


def _plant(engine: Engine, statement: str) -> None:
    """Change what cannot be changed, with the triggers taken away."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            for name in (
                connection.execute(text("select name from sqlite_master where type = 'trigger'")).scalars().all()
            ):
                connection.exec_driver_sql(f'drop trigger "{name}"')
        else:
            connection.exec_driver_sql("set local session_replication_role = replica")
        assert connection.exec_driver_sql(statement).rowcount
