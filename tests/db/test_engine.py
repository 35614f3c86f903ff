"""One transaction a request, run again when somebody else was faster."""

import os
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from portal.db import Stale, epoch, instant, locks_reads, make_engine, run, transaction
from portal.ids import new_id
from portal.members.tables import SignInGate

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


def gates(engine: Engine) -> int:
    with transaction(engine, writes=False) as session:
        return session.scalar(text("select count(*) from sign_in_gate"))


def add_gate(session: Session, key: str = "a") -> None:
    session.add(SignInGate(key=key, touched_at=NOW))
    session.flush()


def test_returning_commits_and_raising_rolls_back(engine: Engine) -> None:
    run(engine, lambda session: add_gate(session, "kept"), writes=True)

    def trouble(session: Session) -> None:
        add_gate(session, "lost")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        run(engine, trouble, writes=True)
    assert gates(engine) == 1


def test_a_stale_run_starts_again_and_locks_what_it_reads(engine: Engine) -> None:
    locking: list[bool] = []

    def work(session: Session) -> str:
        locking.append(locks_reads(session))
        add_gate(session)
        if len(locking) < 3:
            raise Stale
        return "done"

    assert run(engine, work, writes=True) == "done"
    assert locking == [False, True, True]
    assert gates(engine) == 1


def test_a_broken_uniqueness_rule_is_tried_again_but_not_for_ever(engine: Engine) -> None:
    run(engine, add_gate, writes=True)
    tries: list[int] = []

    def work(session: Session) -> None:
        tries.append(1)
        add_gate(session)

    with pytest.raises(IntegrityError):
        run(engine, work, writes=True)
    assert len(tries) == 3


def test_other_trouble_is_not_tried_again(engine: Engine) -> None:
    tries: list[int] = []

    def work(session: Session) -> None:
        tries.append(1)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        run(engine, work, writes=True)
    assert len(tries) == 1


def test_an_instant_is_exact_and_comes_back_in_utc() -> None:
    moscow = datetime(2026, 3, 4, 12, 0, 0, 123457, tzinfo=timezone(timedelta(hours=3)))
    assert instant(epoch(moscow)) == moscow
    assert instant(epoch(moscow)).tzinfo == UTC
    assert instant(epoch(datetime(1960, 1, 1, tzinfo=UTC))) == datetime(1960, 1, 1, tzinfo=UTC)


def test_a_naive_time_never_reaches_the_database(engine: Engine) -> None:
    naive = SignInGate(key="naive", touched_at=NOW.replace(tzinfo=None))
    with pytest.raises((StatementError, TypeError)), transaction(engine, writes=True) as session:
        session.add(naive)


def test_ids_sort_by_time() -> None:
    ids = [new_id(NOW + timedelta(milliseconds=n)) for n in range(50)]
    assert ids == sorted(ids)
    assert len({new_id(NOW) for _ in range(1000)}) == 1000


def test_a_transaction_is_not_undone_from_within(sqlite: Engine) -> None:
    with pytest.raises(AssertionError, match="raising"), transaction(sqlite, writes=True) as session:
        session.rollback()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_nobody_but_its_owner_reads_a_new_database(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'new' / 'portal.db'}")
    with engine.begin() as connection:
        connection.execute(text("create table note (words text)"))
        files = list((tmp_path / "new").glob("portal.db*"))
        assert len(files) > 1
        assert {file.stat().st_mode & 0o077 for file in files} == {0}
    engine.dispose()
