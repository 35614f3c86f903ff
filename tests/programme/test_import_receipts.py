"""Receipts of the past in chunks: the same as one by one, once, and only the bad ones left out."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, text

from portal.db import make_engine, run, transaction
from portal.demo.year import SMALL, Buys, Joins, plan
from portal.ledger.checks import check_ledger
from portal.members.lookup import by_anything_typed
from portal.programme.answers import ReceiptAnswer
from portal.programme.command import Command
from portal.programme.import_members import import_members
from portal.programme.import_outcome import Imported
from portal.programme.import_receipt import import_receipt
from portal.programme.import_receipts import ReceiptImport
from portal.programme.import_rows import ImportedReceipt
from portal.programme.look_up_receipt import look_up_receipt
from portal.programme.publish_rulebook import publish_rulebook
from portal.programme.record_receipt import record_receipt
from portal.programme.told import ToldReceipt
from portal.rulebook.document import Rulebook, load_json
from portal.rulebook.examples import example
from portal.rulebook.receipt import read_receipt

NOW = datetime(2026, 11, 25, 16, 30, tzinfo=UTC)
OPENED = NOW - timedelta(days=100)
EVENTS = plan(SMALL, end=NOW, zone=ZoneInfo("Europe/Moscow"))
YEAR = [
    ImportedReceipt(event.receipt, event.who.contact if event.who else "")
    for event in EVENTS
    if isinstance(event, Buys)
]
CAPPED = {
    "id": "capped",
    "effects": [{"type": "accrue_percent", "rate_bp": 100}],
    "caps": [{"scope": "member_total", "max_points": 60}],
}
SUMS = text("select store, number, net, due, points_spent, earned, at from receipt order by store, number")
BALANCES = text(
    "select i.email, i.phone, a.available, a.pending, a.debt, b.entries, h.purchases, h.last_net, "
    "h.kept_minor, h.kept_purchases, h.kept_most, t.tier, t.since, t.number from identity i "
    "left join tier_standing t on t.member_id = i.member_id "
    "left join account a on a.member_id = i.member_id left join book b on b.member_id = i.member_id "
    "left join purchase_history h on h.member_id = i.member_id order by coalesce(i.email, i.phone)"
)


def opened(engine: Engine, rulebook: Rulebook) -> Engine:
    """Open a shop with the people of the demo's small year."""
    rows = [
        {
            "name": event.who.name,
            "email" if "@" in event.who.contact else "phone": event.who.contact,
            "joined_at": event.at.isoformat(),
            "birthday": event.who.birthday.isoformat() if event.who.birthday else "",
        }
        for event in EVENTS
        if isinstance(event, Joins)
    ]
    with transaction(engine, writes=True) as session:
        publish_rulebook(session, rulebook, effective_from=OPENED, now=OPENED)
        assert import_members(session, rows, now=NOW).made == len(rows)
    return engine


def capped() -> Rulebook:
    document = {"id": "c", "currency": "RUB", "timezone": "Europe/Moscow", "rules": [CAPPED]}
    return load_json(document)


def imported(engine: Engine, receipts: list[ImportedReceipt], *, size: int = 25) -> list[Imported]:
    story = ReceiptImport(language="ru", now=NOW)
    chunks = [receipts[start : start + size] for start in range(0, len(receipts), size)]
    return [run(engine, lambda session, chunk=chunk: story.record(session, chunk), writes=True) for chunk in chunks]


def one_by_one(engine: Engine, receipts: list[ImportedReceipt]) -> None:
    with transaction(engine, writes=True) as session:
        for each in receipts:
            lookup = by_anything_typed(each.member) if each.member else None
            import_receipt(session, ToldReceipt(receipt=each.receipt, member=lookup), language="ru")


def found(engine: Engine, statement: Any) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(statement)]


def broken(engine: Engine) -> list[Any]:
    with transaction(engine, writes=False) as session:
        return list(check_ledger(session))


@pytest.fixture
def other(sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'other.db')}")
    yield engine
    engine.dispose()


@pytest.fixture
def shop(engine: Engine) -> Engine:
    return opened(engine, example("cosmetics"))


@pytest.mark.parametrize("rules", ["cosmetics", "capped"])
def test_chunks_come_to_the_same_as_one_by_one(engine: Engine, other: Engine, rules: str) -> None:
    rulebook = example("cosmetics") if rules == "cosmetics" else capped()
    done = imported(opened(engine, rulebook), YEAR)
    assert sum(each.recorded for each in done) == len(YEAR)
    assert not any(each.rejected for each in done)
    one_by_one(opened(other, rulebook), YEAR)
    assert found(engine, SUMS) == found(other, SUMS)
    assert found(engine, BALANCES) == found(other, BALANCES)
    assert broken(engine) == []


def test_points_of_the_past_are_spent_too(shop: Engine) -> None:
    imported(shop, YEAR)
    assert sum(row[4] for row in found(shop, SUMS)) > 0


def test_a_second_import_records_nothing(shop: Engine) -> None:
    imported(shop, YEAR)
    before = found(shop, SUMS), found(shop, BALANCES)
    again = imported(shop, YEAR)
    assert (sum(each.recorded for each in again), sum(each.standing for each in again)) == (0, len(YEAR))
    assert (found(shop, SUMS), found(shop, BALANCES)) == before


def test_a_member_served_by_a_till_meanwhile_is_read_again(shop: Engine) -> None:
    ada = [each for each in YEAR if each.member == "ada@example.com"]
    story = ReceiptImport(language="ru", now=NOW)
    run(shop, lambda session: story.record(session, ada[:3]), writes=True)
    one_by_one(shop, ada[3:4])
    done = run(shop, lambda session: story.record(session, ada[4:]), writes=True)
    assert done.recorded == len(ada) - 4
    assert broken(shop) == []
    assert next(row[6] for row in found(shop, BALANCES) if row[0] == "ada@example.com") == len(ada)


def test_a_late_receipt_sees_only_what_was_before_it(shop: Engine, other: Engine) -> None:
    ada = [each for each in YEAR if each.member == "ada@example.com"]
    late = [*ada[:2], *ada[3:], ada[2]]
    imported(shop, late)
    one_by_one(opened(other, example("cosmetics")), late)
    assert found(shop, SUMS) == found(other, SUMS)
    assert found(shop, BALANCES) == found(other, BALANCES)


def test_bad_receipts_are_told_by_place_and_the_rest_is_recorded(shop: Engine) -> None:
    first, second = YEAR[0], YEAR[1]
    changed = replace(first, receipt=replace(first.receipt, lines=first.receipt.lines[:1], till="T9"))
    early = read_receipt(
        {"at": "2020-01-01T00:00:00Z", "store": "S1", "number": "old", "lines": [{"n": 1, "gross": 1}]}
    )
    future = replace(first.receipt, number="future", at=NOW + timedelta(hours=1))
    greedy = replace(YEAR[5].receipt, number="greedy", points_requested=10**9)
    chunk = [
        first,
        changed,
        ImportedReceipt(second.receipt, "somebody@example.org"),
        ImportedReceipt(second.receipt, "not a member"),
        ImportedReceipt(early, ""),
        ImportedReceipt(greedy, "ada@example.com"),
        ImportedReceipt(future, ""),
        second,
    ]
    (done,) = imported(shop, chunk)
    assert done.recorded == 2
    assert [(each.place, each.reason[:24]) for each in done.rejected] == [
        (1, "Another receipt was reco"),
        (2, "There is no such member."),
        (3, "There is no such member."),
        (4, "No rulebook was in force"),
        (5, "Points available: 0; 100"),
        (6, "The receipt's time lies "),
    ]


def test_nothing_is_told_outside(shop: Engine) -> None:
    imported(shop, YEAR[:30])
    with shop.connect() as connection:
        assert connection.execute(text("select count(*) from event where type = 'receipt.recorded'")).scalar() == 0


def test_a_kept_answer_names_its_own_entries_alone(shop: Engine) -> None:
    imported(shop, YEAR, size=len(YEAR))
    earned = dict(found(shop, text("select id, earned from receipt where member_id is not null")))
    posted = dict(found(shop, text("select receipt_id, count(*) from entry group by receipt_id")))
    with transaction(shop, writes=False) as session:
        for receipt_id, points in earned.items():
            answer = look_up_receipt(session, receipt_id).answer
            assert len(answer.entries) == posted.get(receipt_id, 0)
            assert answer.earned.get(str(answer.member_id), 0) == points


def test_an_answer_is_told_again_word_for_word(shop: Engine) -> None:
    first: dict[str, ReceiptAnswer] = {}
    for number, each in enumerate(YEAR[:60]):
        told = ToldReceipt(receipt=each.receipt, member=by_anything_typed(each.member) if each.member else None)
        command = Command(client="key:c", key=str(number), now=each.receipt.at, language="en", vouches=True)
        answer = run(shop, partial(record_receipt, told=told, command=command), writes=True).body
        first[str(answer.receipt_id)] = answer
    with transaction(shop, writes=False) as session:
        assert {each: look_up_receipt(session, each).answer for each in first} == first
