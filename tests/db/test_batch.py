"""Many rows of many tables in one statement."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, event, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.db import Batch, Stale, Write, epoch, insert_into, locks_reads, run, run_settling, transaction
from portal.receipts.tables import MemberEvent, PurchaseHistory

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
MEMBER = "0" * 26

NEW_HISTORY = insert_into(PurchaseHistory.__table__)
NEW_EVENT = insert_into(MemberEvent.__table__, conflict="on conflict do nothing")
NEXT_TURN = Write(
    "next_turn",
    (("member_id", "text"), ("turns", "bigint")),
    "update purchase_history set turns = r.turns + 1 from {rows} "
    "where purchase_history.member_id = r.member_id and purchase_history.turns = r.turns",
    every_row=True,
)


def history(**changes: Any) -> dict[str, Any]:
    row = {"member_id": MEMBER, "turns": 1, "purchases": 1, "last_at": epoch(NOW), "last_net": 2**53 + 1}
    kept = {"kept_minor": 0, "kept_purchases": 0, "kept_most": 0}
    return {**row, **kept, **changes}


def event_row(**changes: Any) -> dict[str, Any]:
    row = {"client": "shop", "id": "1", "type": "review", "member_id": MEMBER, "at": epoch(NOW), "recorded_at": 0}
    return {**row, "fields": {"text": 'it\'s «5 %» \\ "good"', "none": None}, **changes}


def flush(engine: Engine, *writes: tuple[Write, dict[str, Any]]) -> None:
    def work(session: Session) -> None:
        batch = Batch()
        for write, row in writes:
            batch.add(write, row)
        batch.flush(session)

    run(engine, work, writes=True)


def test_rows_of_two_tables_take_one_statement(engine: Engine) -> None:
    statements: list[str] = []
    flush(engine, (NEW_HISTORY, history(member_id="1" * 26)), (NEW_EVENT, event_row(id="0")))  # SQLite's view
    event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    flush(engine, (NEW_HISTORY, history()), (NEW_EVENT, event_row()))
    assert len([sql for sql in statements if not sql.startswith("BEGIN")]) == 1


def test_values_arrive_as_they_were_sent(engine: Engine) -> None:
    flush(engine, (NEW_HISTORY, history(last_at=None)), (NEW_EVENT, event_row()))
    with transaction(engine, writes=False) as session:
        kept = session.scalars(select(PurchaseHistory)).one()
        told = session.scalars(select(MemberEvent)).one()
    assert (kept.last_at, kept.last_net) == (None, 2**53 + 1)
    assert (told.at, told.fields) == (NOW, event_row()["fields"])


def test_a_row_that_hits_nothing_is_stale_and_writes_nothing(engine: Engine) -> None:
    flush(engine, (NEW_HISTORY, history(turns=5)))
    with pytest.raises(Stale):
        flush(engine, (NEXT_TURN, {"member_id": MEMBER, "turns": 4}), (NEW_EVENT, event_row()))
    with transaction(engine, writes=False) as session:
        assert session.scalars(select(MemberEvent)).all() == []
    flush(engine, (NEXT_TURN, {"member_id": MEMBER, "turns": 5}))
    with transaction(engine, writes=False) as session:
        assert session.scalars(select(PurchaseHistory.turns)).one() == 6


def test_a_conflict_clause_is_obeyed_and_a_broken_rule_refused(engine: Engine) -> None:
    flush(engine, (NEW_EVENT, event_row()), (NEW_HISTORY, history()))
    flush(engine, (NEW_EVENT, event_row()))
    with pytest.raises(IntegrityError):
        flush(engine, (NEW_HISTORY, history(purchases=-1, member_id="2" * 26)))


def test_an_empty_batch_says_nothing_to_the_database(engine: Engine) -> None:
    flush(engine)


def test_a_heap_of_rows_is_written_like_a_few(engine: Engine) -> None:
    members = [f"{n:026}" for n in range(150)]
    flush(engine, *((NEW_HISTORY, history(member_id=member, last_at=None)) for member in members))
    flush(engine, *((NEW_EVENT, event_row(id=member, fields={"n": [1, None, "«5 %»"]})) for member in members))
    flush(engine, *((NEXT_TURN, {"member_id": member, "turns": 1}) for member in members))
    with transaction(engine, writes=False) as session:
        assert set(session.scalars(select(PurchaseHistory.turns))) == {2}
        assert session.scalars(select(PurchaseHistory.last_at)).all() == [None] * 150
        assert [told.fields for told in session.scalars(select(MemberEvent))] == [{"n": [1, None, "«5 %»"]}] * 150


def test_a_heap_with_one_stale_row_writes_nothing(engine: Engine) -> None:
    members = [f"{n:026}" for n in range(150)]
    flush(engine, *((NEW_HISTORY, history(member_id=member)) for member in members))
    turns = [(NEXT_TURN, {"member_id": member, "turns": 1}) for member in members]
    with pytest.raises(Stale):
        flush(engine, *turns[:-1], (NEXT_TURN, {"member_id": members[-1], "turns": 7}))
    with transaction(engine, writes=False) as session:
        assert set(session.scalars(select(PurchaseHistory.turns))) == {1}


def test_a_batch_that_settles_is_written_whole_or_not_at_all(engine: Engine) -> None:
    flush(engine, (NEW_HISTORY, history(turns=5)))
    seen: list[int] = []

    def work(session: Session) -> bool:
        seen.append(4 if not seen else session.scalars(select(PurchaseHistory.turns)).one())
        batch = Batch()
        batch.add(NEXT_TURN, {"member_id": MEMBER, "turns": seen[-1]})
        batch.add(NEW_EVENT, event_row(id=str(len(seen))))
        batch.flush(session)
        return locks_reads(session)

    assert run_settling(engine, work)
    with transaction(engine, writes=False) as session:
        assert session.scalars(select(MemberEvent.id)).all() == ["2"]
        assert session.scalars(select(PurchaseHistory.turns)).one() == 6


def test_nothing_is_kept_of_a_settling_work_refused_by_the_database(engine: Engine) -> None:
    def work(session: Session) -> None:
        batch = Batch()
        batch.add(NEW_EVENT, event_row())
        batch.add(NEW_HISTORY, history(purchases=-1))
        batch.flush(session)

    with pytest.raises(IntegrityError):
        run_settling(engine, work)
    with transaction(engine, writes=False) as session:
        assert session.scalars(select(MemberEvent)).all() == []


def test_two_batches_are_no_transaction(postgresql: Engine) -> None:
    def work(session: Session) -> None:
        for number in ("1", "2"):
            batch = Batch()
            batch.add(NEW_EVENT, event_row(id=number))
            batch.flush(session)

    with pytest.raises(AssertionError, match="a second batch"):
        run_settling(postgresql, work)


def test_what_may_be_forgotten_is_written_and_the_next_waits_again(engine: Engine) -> None:
    level = "PRAGMA synchronous" if engine.dialect.name == "sqlite" else "show synchronous_commit"
    waits: list[Any] = []
    with transaction(engine, writes=False) as session:
        usual = session.execute(text(level)).scalar_one()

    def note(session: Session) -> None:
        batch = Batch()
        batch.add(NEW_EVENT, event_row(id=str(len(waits))))
        batch.flush(session)
        waits.append(session.execute(text(level)).scalar_one())

    run_settling(engine, note, forgettable=True)
    run_settling(engine, note)
    assert waits == [1 if engine.dialect.name == "sqlite" else usual, usual]
    with transaction(engine, writes=False) as session:
        assert session.scalars(select(MemberEvent.id).order_by(MemberEvent.id)).all() == ["0", "1"]


def test_a_batch_that_may_be_forgotten_tells_the_server_so(postgresql: Engine) -> None:
    statements: list[str] = []
    event.listen(postgresql, "before_cursor_execute", lambda *call: statements.append(call[2]))

    def note(session: Session) -> None:
        batch = Batch()
        batch.add(NEW_EVENT, event_row())
        batch.flush(session)

    run_settling(postgresql, note, forgettable=True)
    assert "set_config('synchronous_commit', 'off', true)" in statements[-1]
