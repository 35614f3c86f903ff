"""Faults planted between receipts and ledger are found."""

import pytest
from sqlalchemy import Engine, text

from tests.programme.shop import BASE5, Shop, line, rulebook

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
