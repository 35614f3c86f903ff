"""What must happen once for each receipt, and what the rules ask about earlier ones."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, bindparam, literal, select, text
from sqlalchemy.exc import IntegrityError

from portal.db import Batch, Id, Instant, Stale, transaction
from portal.receipts import operations as receipts
from portal.receipts.operations import UsageChange
from portal.receipts.queries import (
    History,
    digest_in_force,
    history_column,
    published_versions,
    read_history,
    version_of,
)
from portal.rulebook.tiers import Totals

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
DAY = timedelta(days=1)
TODAY = "2026-03-04"


def write(engine: Engine, step) -> None:
    with transaction(engine, writes=True) as session:
        batch = Batch()
        step(batch)
        batch.flush(session)


def history(engine: Engine, *, at: datetime = NOW, day: str = TODAY) -> History:
    days = [literal(each) for each in ("2026-03-03", TODAY, "2026-03-05")]
    column = history_column(literal("ada", Id), at=bindparam("at", type_=Instant), days=days)
    with transaction(engine, writes=False) as session:
        return read_history(session.execute(select(column), {"at": at}).scalar_one(), at=at, day=day)


# --- rulebooks --------------------------------------------------------------------------------------------------------


def publish(engine: Engine, version: int, *, effective_from: datetime, now: datetime = NOW) -> None:
    with transaction(engine, writes=True) as session:
        receipts.publish(
            session, name="shop", version=version, digest=f"{version:064d}", document={"version": version},
            effective_from=effective_from, now=now,
        )  # fmt: skip


def test_the_rulebook_in_force_is_the_last_that_began(engine: Engine) -> None:
    publish(engine, 1, effective_from=NOW - DAY)
    publish(engine, 2, effective_from=NOW)
    publish(engine, 3, effective_from=NOW, now=NOW + DAY)
    with transaction(engine, writes=False) as session:
        found = [digest_in_force(session, at=NOW + shift * DAY) for shift in (-2, -1, 0, 1)]
        assert found == [None, f"{1:064d}", f"{3:064d}", f"{3:064d}"]
        assert [each.version for each in published_versions(session)] == [3, 2, 1]
        second = version_of(session, digest=f"{2:064d}")
    assert second is not None
    assert (second.version, second.document) == (2, {"version": 2})


def test_a_version_is_published_once_and_never_changed(engine: Engine) -> None:
    publish(engine, 1, effective_from=NOW)
    with pytest.raises(IntegrityError):
        publish(engine, 1, effective_from=NOW + DAY)
    with pytest.raises(Exception, match="append-only"), engine.begin() as connection:
        connection.execute(text("update rulebook_version set version = 9"))


# --- history ----------------------------------------------------------------------------------------------------------


KEPT = Totals(spend=500, purchases=1, max_receipt=500)


def turn(turns: int, purchases: int, last: tuple[datetime, int] | None):
    return lambda batch: receipts.turn(batch, "ada", turns=turns, purchases=purchases, last=last, kept=KEPT)


def test_a_member_without_receipts_has_an_empty_history(engine: Engine) -> None:
    assert history(engine) == History()


def test_the_last_purchase_and_their_number_are_kept(engine: Engine) -> None:
    write(engine, turn(0, 1, (NOW, 500)))
    kept = history(engine)
    assert (kept.turns, kept.purchases, kept.last_at, kept.last_net) == (1, 1, NOW, 500)
    write(engine, turn(1, 0, None))
    assert (history(engine).turns, history(engine).purchases, history(engine).last_at) == (2, 0, None)


@pytest.mark.parametrize("turns", [0, 2])
def test_who_counts_with_an_old_number_is_too_late(engine: Engine, turns: int) -> None:
    write(engine, turn(0, 1, (NOW, 500)))
    with pytest.raises(Stale):
        write(engine, turn(turns, 2, (NOW, 600)))
    assert history(engine).purchases == 1


# --- caps -------------------------------------------------------------------------------------------------------------


def used(points: int, *, member: str = "ada", day: str = TODAY, seen: int = 0) -> UsageChange:
    return UsageChange(member_id=member, day=day, rule="base5", points=points, minor=1, uses=1, seen=seen)


def test_use_is_counted_by_day_in_all_and_over_all_members(engine: Engine) -> None:
    changes = [
        used(10),
        used(10, day=""),
        used(10, member="", day=""),
        used(7, day="2026-03-05"),
        used(9, member="ben"),
    ]
    write(engine, lambda batch: receipts.count_usage(batch, changes))
    scopes = {each.scope: each.points for each in history(engine).usage}
    assert scopes == {"member_day": 10, "member_total": 10, "rule_total": 10}
    tomorrow = {each.scope: each.points for each in history(engine, day="2026-03-05").usage}
    assert tomorrow["member_day"] == 7


def test_use_is_added_once_by_who_saw_it_last(engine: Engine) -> None:
    write(engine, lambda batch: receipts.count_usage(batch, [used(10)]))
    write(engine, lambda batch: receipts.count_usage(batch, [used(5, seen=1)]))
    with pytest.raises(Stale):
        write(engine, lambda batch: receipts.count_usage(batch, [used(5, seen=1)]))
    write(engine, lambda batch: receipts.uncount_usage(batch, [used(15)]))
    (left,) = history(engine).usage
    assert (left.points, left.turns) == (0, 3)


def test_a_birthday_is_used_once_a_year_and_comes_back_with_its_receipt(engine: Engine) -> None:
    write(engine, lambda batch: receipts.celebrate(batch, "ada", year=2026, receipt_id="r1"))
    assert history(engine).birthdays_used == (2026,)
    with pytest.raises(IntegrityError):
        write(engine, lambda batch: receipts.celebrate(batch, "ada", year=2026, receipt_id="r2"))
    write(engine, lambda batch: receipts.uncelebrate(batch, "r1"))
    assert history(engine).birthdays_used == ()


# --- answers ----------------------------------------------------------------------------------------------------------


def test_an_answer_is_kept_once_for_each_client_and_key(engine: Engine) -> None:
    def remember(client: str):
        return lambda batch: receipts.remember(
            batch, client=client, key="k", operation="receipt", digest="d", status=201, answer={"due": 1}, now=NOW
        )

    write(engine, remember("till-1"))
    write(engine, remember("till-2"))
    with pytest.raises(IntegrityError):
        write(engine, remember("till-1"))
