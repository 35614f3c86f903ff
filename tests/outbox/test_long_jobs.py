"""Long jobs go on from their progress; a lease is one worker's, for a time."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.db import transaction
from portal.outbox import operations
from portal.outbox.job import Chunk, Work
from tests.outbox.shop import NOON, Shop


def test_a_long_job_goes_on_from_its_progress(shop: Shop):
    shop.kinds["count"] = Work(lambda _, chunk: count(shop, chunk))
    job = shop.enqueue("count")
    shop.work()
    assert shop.state(job) == "done"
    assert shop.done == [1, 2, 3, 4, 5]


def test_a_long_job_is_cancelled_between_its_chunks(shop: Shop):
    def count_until_cancelled(session: Session, chunk: Chunk) -> dict[str, int] | None:
        if len(shop.done) == 2:
            operations.cancel(session, job, now=chunk.now)
        return count(shop, chunk)

    shop.kinds["count"] = Work(count_until_cancelled)
    job = shop.enqueue("count")
    shop.work()
    assert shop.state(job) == "cancelled"
    assert shop.done == [1, 2, 3]


def test_a_stopped_worker_gives_back_what_it_has_not_done(shop: Shop):
    def count_until_stopped(_: Session, chunk: Chunk) -> dict[str, int] | None:
        shop.stopped = len(shop.done) == 1
        return count(shop, chunk)

    shop.kinds["count"] = Work(count_until_stopped)
    long = shop.enqueue("count")
    shop.now += timedelta(seconds=1)
    waiting = shop.enqueue("note")
    shop.work()
    assert shop.done == [1, 2]
    assert (shop.state(long), shop.state(waiting)) == ("waiting", "waiting")
    assert shop.ask("select attempts from job where id = :id", id=waiting)[0].attempts == 0
    shop.stopped = False
    shop.work("another worker")
    assert shop.done == [1, 2, 3, 4, 5, ("note", {})]


def count(shop: Shop, chunk: Chunk) -> dict[str, int] | None:
    step = chunk.progress["step"] + 1 if chunk.progress else 1
    shop.done.append(step)
    return {"step": step} if step < 5 else None


def test_who_lost_the_lease_cannot_finish(shop: Shop):
    job = shop.enqueue("note")
    with transaction(shop.engine, writes=True) as session:
        [slow] = operations.lease(session, owner="slow", now=shop.now, limit=1)
    shop.now += operations.LEASE
    assert shop.work("quick") == 1
    assert shop.state(job) == "done"
    with pytest.raises(operations.LeaseLost), transaction(shop.engine, writes=True) as session:
        operations.finish(session, slow, now=shop.now)


def test_leased_jobs_are_not_taken_twice(shop: Shop):
    for _ in range(5):
        shop.enqueue("note")
    with transaction(shop.engine, writes=True) as session:
        first = operations.lease(session, owner="a", now=NOON, limit=3)
    with transaction(shop.engine, writes=True) as session:
        second = operations.lease(session, owner="b", now=NOON, limit=3)
    assert len(first) == 3
    assert len(second) == 2
    assert not {job.id for job in first} & {job.id for job in second}
