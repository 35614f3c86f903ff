"""Members put into segments, for a time or for so many receipts."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, literal, select

from portal.db import Batch, Id, Stale, transaction
from portal.segments import operations as segments
from portal.segments.queries import Assigned, assigned_column, read_assigned

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def assign(engine: Engine, segment: str, *, uses: int | None = None, until: datetime | None = None) -> None:
    with transaction(engine, writes=True) as session:
        segments.assign(session, "ada", segment=segment, now=NOW, uses=uses, until=until)


def places(engine: Engine) -> dict[str, Assigned]:
    with transaction(engine, writes=False) as session:
        return read_assigned(session.execute(select(assigned_column(literal("ada", Id)))).scalar())


def serving(engine: Engine, *, at: datetime = NOW) -> list[str]:
    return sorted(name for name, place in places(engine).items() if place.serves(at))


def use(engine: Engine, *used: Assigned) -> tuple[str, ...]:
    with transaction(engine, writes=True) as session:
        batch = Batch()
        counted = segments.use(batch, "ada", used)
        batch.flush(session)
    return counted


def give_back(engine: Engine, *names: str) -> None:
    with transaction(engine, writes=True) as session:
        batch = Batch()
        segments.give_back(batch, "ada", names)
        batch.flush(session)


def test_a_place_serves_until_its_time_or_its_receipts_are_over(engine: Engine) -> None:
    assign(engine, "always")
    assign(engine, "day", until=NOW + DAY)
    assign(engine, "once", uses=1)
    assert serving(engine) == ["always", "day", "once"]
    assert serving(engine, at=NOW + DAY) == ["always", "once"]
    assert use(engine, *places(engine).values()) == ("once",)
    assert serving(engine) == ["always", "day"]
    give_back(engine, "once", "always")
    assert serving(engine) == ["always", "day", "once"]


def test_one_use_is_not_used_twice(engine: Engine) -> None:
    assign(engine, "once", uses=1)
    place = places(engine)["once"]
    use(engine, place)
    with pytest.raises(Stale):
        use(engine, place)


def test_putting_somebody_in_again_gives_new_uses(engine: Engine) -> None:
    assign(engine, "once", uses=1)
    use(engine, places(engine)["once"])
    assign(engine, "once", uses=2, until=NOW + DAY)
    assert places(engine)["once"] == Assigned("once", NOW + DAY, 2)
