"""Notes are written soon after they were taken, by a thread that ends when nothing waits."""

import threading
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from portal.db import Afterwards, Write, afterwards, transaction

NOTE = Write(
    name="note",
    columns=(("id", "text"), ("at", "bigint")),
    statement="update note set at = r.at from {rows} where note.id = r.id and note.at < r.at",
)


@pytest.fixture
def noted(engine: Engine):
    with transaction(engine, writes=True) as session:
        session.execute(text("drop table if exists note"))
        session.execute(text("create table note (id varchar(9) primary key, at bigint)"))
        session.execute(text("insert into note values ('a', 0), ('b', 0)"))
    yield lambda: _read(engine)
    with transaction(engine, writes=True) as session:
        session.execute(text("drop table note"))


def _read(engine: Engine) -> list[Any]:
    with transaction(engine, writes=False) as session:
        return list(session.execute(text("select at from note order by id")).scalars())


def writers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "afterwards"]


def wait_for_writers() -> None:
    for thread in writers():
        thread.join(10)
    assert not writers()


def test_notes_are_written_together_and_the_thread_ends(engine: Engine, noted: Any):
    notes = Afterwards(engine)
    for at in range(1, 200):
        assert notes.take(NOTE, {"id": "a", "at": at})
    assert notes.take(NOTE, {"id": "b", "at": 7})
    assert [thread.daemon for thread in writers()] == [False]
    wait_for_writers()
    assert noted()[0] > 0
    assert noted()[1] == 7
    notes.take(NOTE, {"id": "b", "at": 6})
    notes.take(NOTE, {"id": "b", "at": 8})
    wait_for_writers()
    assert noted()[1] == 8


def test_too_many_notes_are_given_back(sqlite: Engine):
    notes = Afterwards(sqlite, most=0)
    assert not notes.take(NOTE, {"id": "a", "at": 1})
    assert not writers()


def test_notes_wait_for_a_database_that_is_away(sqlite: Engine, monkeypatch: pytest.MonkeyPatch):
    tries: list[int] = []

    def write(_engine: Engine, group: list[Any]) -> None:
        tries.append(len(group))
        if len(tries) == 1:
            raise OperationalError("", None, Exception())

    monkeypatch.setattr(afterwards, "AWAY_SECONDS", 0)
    monkeypatch.setattr(afterwards, "write_together", write)
    Afterwards(sqlite).take(NOTE, {"id": "a", "at": 1})
    wait_for_writers()
    assert tries == [1, 1]


def test_a_broken_note_stops_no_other(
    sqlite: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    written: list[Any] = []

    def write(_engine: Engine, group: list[Any]) -> None:
        if group[0][1]["at"] == 1:
            raise ValueError
        written.extend(group)

    monkeypatch.setattr(afterwards, "write_together", write)
    notes = Afterwards(sqlite)
    for at in (1, 2):
        notes.take(NOTE, {"id": "a", "at": at})
        wait_for_writers()
    assert [row["at"] for _, row in written] == [2]
    assert "notes lost" in caplog.text
