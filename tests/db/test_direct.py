"""Statements that go to the driver as they are."""

from collections.abc import Iterator

import pytest
from sqlalchemy import JSON, Column, Engine, Integer, MetaData, String, Table, bindparam, event, select
from sqlalchemy.exc import DBAPIError

from portal.db import Direct, transaction

SHOPS = Table("shops_of_a_test", MetaData(), Column("name", String(20)), Column("size", Integer), Column("about", JSON))


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
