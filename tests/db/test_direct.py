"""Statements that go to the driver as they are."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    event,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError

from portal.db import DATABASE_AWAY, Direct, make_engine, transaction
from portal.db.direct import execute
from portal.db.prepared import MOST

SHOPS = Table("shops_of_a_test", MetaData(), Column("name", String(20)), Column("size", Integer), Column("about", JSON))

VALUES = ("«é»", -(2**60), True, None, b'{"a": [1, null]}')


@pytest.fixture
def shops(engine: Engine) -> Iterator[Engine]:
    with transaction(engine, writes=True) as session:
        SHOPS.create(session.connection())
        session.execute(
            SHOPS.insert(),
            [
                {"name": "50 % off: all", "size": 7, "about": {"by": "Mira"}},
                {"name": "Kiosk", "size": 1, "about": {}},
            ],
        )
    yield engine
    with transaction(engine, writes=True) as session:
        SHOPS.drop(session.connection())


def by_size() -> Direct:
    known = select(SHOPS.c.name, SHOPS.c.size, SHOPS.c.name.like("50 % off:%"), SHOPS.c.about["by"].as_string())
    return Direct(known.where(SHOPS.c.size >= bindparam("size"), SHOPS.c.name != "no: such %s"))


@pytest.mark.parametrize("listened", [False, True])
def test_a_row_is_read_by_place_whether_somebody_listens_or_not(shops: Engine, *, listened: bool) -> None:
    heard: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        heard.append(statement)

    direct = by_size()
    if listened:
        event.listen(shops, "before_cursor_execute", hear)
    with transaction(shops, writes=False) as session:
        row = direct.first(session, {"size": 5})
        assert row is not None
        assert [*row[:2], bool(row[2]), row[3]] == ["50 % off: all", 7, True, "Mira"]
        assert direct.first(session, {"size": 8}) is None
    if listened:
        event.remove(shops, "before_cursor_execute", hear)
    assert len(heard) == (2 if listened else 0)


def test_an_error_is_told_as_by_every_other_statement(shops: Engine) -> None:
    missing = Direct(select(Table("nowhere", MetaData(), Column("name", String(20))).c.name))
    with pytest.raises(DBAPIError), transaction(shops, writes=False) as session:
        missing.first(session, {})


def test_values_of_every_kind_are_read_back_as_they_were_sent(postgresql: Engine) -> None:
    with transaction(postgresql, writes=False) as session:
        told = execute(session.connection(), "select $1::text, $2::bigint, $3::boolean, $4::text, $5::jsonb", VALUES)
        assert told.fetchone() == ("«é»", -(2**60), True, None, {"a": [1, None]})


class Word(str):
    """A text with something of its own."""

    __slots__ = ()


def test_a_kind_of_text_is_a_text_and_what_is_neither_is_refused(postgresql: Engine) -> None:
    with transaction(postgresql, writes=False) as session:
        assert execute(session.connection(), "select $1::text", (Word("Ada"),)).fetchone() == ("Ada",)
        with pytest.raises(TypeError):
            execute(session.connection(), "select $1::text", (object(),))


def test_a_text_is_never_cut_at_a_zero_byte(postgresql: Engine) -> None:
    with pytest.raises(DBAPIError), transaction(postgresql, writes=False) as session:
        execute(session.connection(), "select $1::text", ("Ada\0Ben",))


def test_statements_beyond_the_most_are_forgotten_and_prepared_again(postgresql: Engine) -> None:
    with transaction(postgresql, writes=False) as session:
        connection = session.connection()
        for number in (*range(MOST + 5), 0):
            assert execute(connection, f"select {number} + $1::bigint", (1,)).fetchone() == (number + 1,)
        kept = session.scalar(text("select count(*) from pg_prepared_statements where name like 'portal%'"))
    assert kept == MOST


def test_a_connection_that_the_server_ended_is_away_and_the_next_one_serves(postgresql: Engine) -> None:
    mine = make_engine(postgresql.url.render_as_string(hide_password=False))
    with transaction(mine, writes=False) as session:
        pid = session.scalar(text("select pg_backend_pid()"))
    with postgresql.connect() as other:
        other.execute(text("select pg_terminate_backend(:pid)"), {"pid": pid})
    with pytest.raises(DATABASE_AWAY), transaction(mine, writes=False) as session:
        execute(session.connection(), "select 1", ())
    with transaction(mine, writes=False) as session:
        assert execute(session.connection(), "select 1", ()).fetchone() == (1,)
    mine.dispose()


def seven(connection: Connection) -> bool:
    """Run a prepared statement and tell whether it had been prepared before."""
    known = text("select count(*) from pg_prepared_statements where statement = 'select 7 + $1::bigint'")
    before = connection.scalar(known)
    assert execute(connection, "select 7 + $1::bigint", (1,)).fetchone() == (8,)
    return bool(before)


def test_what_is_prepared_outlives_a_rollback(postgresql: Engine) -> None:
    with postgresql.connect() as connection:
        seven(connection)
        connection.rollback()
        assert seven(connection)


def test_what_was_forgotten_is_prepared_again(postgresql: Engine) -> None:
    with transaction(postgresql, writes=True) as session:
        seven(session.connection())
        with suppress(DBAPIError), session.begin_nested():
            session.execute(text("select 1 / 0"))
        seven(session.connection())
    with transaction(postgresql, writes=False) as session:
        session.execute(text("deallocate all"))
        seven(session.connection())


def test_what_psycopg_prepared_outlives_savepoints_too(postgresql: Engine) -> None:
    mine = make_engine(postgresql.url.render_as_string(hide_password=False))
    for often in (0, 0, 7, 7):
        with mine.begin() as connection:  # a new one of the same driver's: its savepoints have the names of the last
            with suppress(DBAPIError), connection.begin_nested():
                connection.execute(text("select 1 / 0"))
            seven(connection)
            for number in range(often):  # psycopg prepares what it has seen five times
                three = text("select 3 + cast(:number as bigint)")
                assert connection.scalar(three, {"number": number}) == 3 + number
    mine.dispose()
