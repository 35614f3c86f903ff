"""check-ledger finds every planted fault, and finds nothing in a right ledger (security.md §1.9)."""

from collections.abc import Iterator

import pytest
from sqlalchemy import CheckConstraint, Engine, inspect, text
from sqlalchemy.schema import AddConstraint, DropConstraint

from portal import schema
from portal.db import transaction
from portal.ledger.checks import Violation, check_ledger
from tests.ledger.stories import at, capture, grant, hold, redeem, refund, tell

BOOKS = ("book", "account", "entry", "lot", "hold", "debt_item", "consumption")
FAULTS = {
    "balanced": "update entry set available = available + 1 where number = 3",
    "numbered": "delete from entry where number = 2",
    "numbered at the end": "update book set entries = entries + 1",
    "chained": "update entry set cause = 'gift' where number = 4",
    "chained in details": """update entry set details = '{"title": "Base 50%"}' where number = 1""",
    "chained at the end": "update book set head = 'abc'",
    "explained": "update entry set rulebook = null where number = 1",
    "accounts": "update account set available = available + 1",
    "accounts missing": "delete from account",
    "overdrawn": "update account set available = 5, debt = -5",
    "lots": "update lot set remaining = remaining - 1 where number = 2",
    "lot history": "update lot set remaining = remaining + 1, held = held - 1 where number = 2",
    "lot origin": "update lot set original = original + 10 where number = 2",
    "lot limit": "update lot set remaining = original + 1 where number = 2",
    "lot history gone": "delete from lot where number = 2",
    "breakage": "update lot set expired = expired + 1 where number = 1",
    "held": "update lot set held = held + 1 where number = 2",
    "hold": "update hold set points = points + 1 where state = 'active'",
    "hold end": "update hold set state = 'active', ended_at = null where id = 'h1'",
    "hold end untold": "update hold set state = 'voided', ended_at = 0 where id = 'h2'",
    "debts": "update debt_item set remaining = remaining - 1",
    "debt origin": "update debt_item set points = points + 1",
    "consumed": "update consumption set points = points + 1",
    "restored": "update consumption set restored = restored + 1 where restored > 0",
    "due": "update book set due_at = null",
    "book": "delete from book where member_id = 'ada'",
}


@pytest.fixture
def ledger(engine: Engine) -> Engine:
    """Give a ledger in which every kind of row stands, some of them ended and some not."""
    tell(engine, grant(40, source="old", days=5), grant(100), grant(60, source="p", pending=90))
    tell(engine, redeem(70), hold(20, name="h1", ends=1), hold(30, name="h2", ends=99))
    tell(engine, capture(10, name="h1", day=0.5), now=at(0.5), hold="h1")
    tell(engine, refund(day=6, restore={"r": 5}, reverse={"g": 95}), now=at(6), sources=["r", "g"])
    tell(engine, grant(10, source="ben/g"), member="ben")
    return engine


def found(engine: Engine) -> list[Violation]:
    with transaction(engine, writes=False) as session:
        return list(check_ledger(session))


def test_nothing_is_wrong_with_a_right_ledger(ledger: Engine) -> None:
    assert found(ledger) == []


@pytest.mark.usefixtures("unguarded")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(ledger: Engine, fault: str) -> None:
    with transaction(ledger, writes=True) as session:
        session.execute(text(FAULTS[fault]))
    wrong = found(ledger)
    assert any(fault.startswith(each.invariant) for each in wrong), wrong
    assert {each.member for each in wrong} <= {"ada", "ben"}


def test_entries_are_traced_to_receipts(ledger: Engine) -> None:
    with transaction(ledger, writes=False) as session:
        wrong = list(check_ledger(session, known_receipts=lambda ids: [each for each in ids if each.endswith("2")]))
    assert {each.invariant for each in wrong} == {"traced"}
    assert {each.member for each in wrong} == {"ada", "ben"}


@pytest.fixture
def unguarded(engine: Engine) -> Iterator[None]:
    """Take away triggers and checks for a test, as somebody would who has the database's password."""
    if engine.dialect.name == "sqlite":
        with engine.begin() as connection:
            for (name,) in connection.execute(text("select name from sqlite_master where type = 'trigger'")).all():
                connection.execute(text(f'drop trigger "{name}"'))
        with engine.connect() as connection:
            connection.exec_driver_sql("pragma ignore_check_constraints = on")
        yield
        return
    tables = [schema.metadata.tables[name] for name in BOOKS]
    there = {check["name"] for name in BOOKS for check in inspect(engine).get_check_constraints(name)}
    checks = [
        each
        for table in tables
        for each in table.constraints
        if isinstance(each, CheckConstraint) and each.name in there
    ]
    with engine.begin() as connection:
        for table in tables:
            connection.execute(text(f"alter table {table.name} disable trigger user"))
        for check in checks:
            connection.execute(DropConstraint(check))
    yield
    with engine.begin() as connection:
        for table in tables:
            connection.execute(table.delete())
            connection.execute(text(f"alter table {table.name} enable trigger user"))
        for check in checks:
            connection.execute(AddConstraint(check, isolate_from_table=False))
