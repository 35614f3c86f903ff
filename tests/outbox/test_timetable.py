"""Jobs of the timetable, what is kept of old ones, and how far behind the worker is."""

from datetime import datetime, timedelta

import pytest

from portal.db import transaction
from portal.outbox import operations, queries
from portal.outbox.job import EVERY_KIND
from portal.outbox.timetable import Timed
from tests.outbox.shop import NOON, Shop


def test_the_timetable_runs_once_after_a_standstill(shop: Shop):
    shop.timetable = (Timed("note", "0 3 * * *"),)
    assert shop.work() == 1
    assert shop.work("another worker") == 0
    shop.now += timedelta(days=3)
    assert shop.work() == 1
    assert [row.name for row in shop.ask("select name from job order by name")] == [
        "note@2026-03-04T03:00:00Z",
        "note@2026-03-07T03:00:00Z",
    ]


def test_a_timed_job_does_not_start_while_the_one_before_it_still_runs(shop: Shop):
    shop.timetable = (Timed("note", "*/10 * * * *"),)
    worker = shop.worker("dies")
    worker._start_timed(shop.now)
    worker._lease(shop.now, EVERY_KIND)
    shop.now += timedelta(minutes=1)
    assert shop.work() == 0
    shop.now += timedelta(minutes=10)
    assert shop.work() == 1
    assert shop.work() == 1
    assert shop.work() == 0


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-03-04T03:00:00+00:00", "2026-03-04T03:00:00+00:00"),
        ("2026-03-04T02:59:59.999999+00:00", "2026-03-03T03:00:00+00:00"),
        ("2026-03-04T03:00:00.000001+00:00", "2026-03-04T03:00:00+00:00"),
    ],
)
def test_an_instant_of_the_timetable_is_due_when_it_comes(now: str, due: str):
    assert Timed("note", "0 3 * * *").last_due(datetime.fromisoformat(now)) == datetime.fromisoformat(due)


def test_old_jobs_are_purged_but_never_the_latest_of_the_timetable(shop: Shop):
    shop.timetable = (Timed("note", "0 0 1 1 *"),)
    shop.work()
    done = shop.enqueue("note")
    shop.work()
    dead = shop.enqueue("unknown")
    shop.work()
    with transaction(shop.engine, writes=True) as session:
        assert not operations.purge_jobs(session, now=NOON + operations.KEEP_DONE + timedelta(seconds=1))
    left = {row.id for row in shop.ask("select id from job where name is null")}
    assert left == {dead}
    assert done not in left
    with transaction(shop.engine, writes=True) as session:
        operations.purge_jobs(session, now=NOON + operations.KEEP_DEAD + timedelta(seconds=1))
    assert [row.name for row in shop.ask("select name from job")] == ["note@2026-01-01T00:00:00Z"]


def test_the_backlog_is_measured(shop: Shop):
    shop.enqueue("note")
    shop.enqueue("unknown")
    shop.now += timedelta(seconds=30)
    with transaction(shop.engine, writes=False) as session:
        assert queries.backlog(session, now=shop.now) == queries.Backlog(due=2, dead=0, delay=timedelta(seconds=30))
    shop.work()
    with transaction(shop.engine, writes=False) as session:
        assert queries.backlog(session, now=shop.now) == queries.Backlog(due=0, dead=1, delay=timedelta(0))
