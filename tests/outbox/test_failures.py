"""What fails is tried again, buried, or given up; its effects are not half there."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.db import Batch, transaction
from portal.outbox import backoff, operations
from portal.outbox.job import Chunk, Delivery, GiveUp, Together, TryLater, Work
from tests.outbox.shop import NOON, Shop


def test_one_that_fails_spoils_no_other(shop: Shop):
    def refuse_the_third(session: Session, jobs: Sequence[Mapping[str, Any]], now: datetime) -> None:
        batch = Batch()
        for job in jobs:
            operations.tell(batch, "test.told", member_id=None, at=now, payload=job)
        batch.flush(session)
        if {"n": 3} in jobs and shop.now == NOON:
            raise ValueError

    shop.kinds["gather"] = Together(refuse_the_third)
    jobs = [shop.enqueue("gather", {"n": n}) for n in range(5)]
    assert shop.work() == 5
    assert [shop.state(each) for each in jobs] == ["done", "done", "done", "waiting", "done"]
    assert len(shop.ask("select * from event")) == 4
    assert shop.work() == 0
    shop.now += backoff.LONGEST_DELAY
    assert shop.work() == 1
    assert shop.state(jobs[3]) == "done"
    assert len(shop.ask("select * from event")) == 5


def test_an_effect_is_rolled_back_with_the_failure_and_tried_again_later(shop: Shop):
    def tell_and_fail(session: Session, chunk: Chunk) -> None:
        batch = Batch()
        operations.tell(batch, "test.told", member_id=None, at=chunk.now, payload={})
        batch.flush(session)
        if not shop.done:
            shop.done.append("failed")
            raise ValueError("ada@example.org is not reachable")

    shop.kinds["tell"] = Work(tell_and_fail)
    job = shop.enqueue("tell")
    shop.work()
    assert shop.ask("select * from event") == []
    [failed] = shop.ask("select state, last_error, due_at from job where id = :id", id=job)
    assert failed.state == "waiting"
    assert failed.last_error.startswith("ValueError at test_failures.py:")
    assert "ada" not in failed.last_error
    assert shop.work() == 0
    shop.now += backoff.LONGEST_DELAY
    shop.work()
    assert shop.state(job) == "done"
    assert len(shop.ask("select * from event")) == 1


def test_a_job_that_always_fails_is_buried_with_its_arguments(shop: Shop):
    def fail(arguments: Mapping[str, Any], now: datetime) -> None:
        shop.done.append(now)
        raise ConnectionError

    shop.kinds["fail"] = Delivery(fail)
    job = shop.enqueue("fail", {"n": 1})
    while shop.state(job) != "dead":
        assert shop.work() == 1
        shop.now += backoff.LONGEST_DELAY * 2
    assert len(shop.done) == backoff.MOST_ATTEMPTS
    assert shop.work() == 0
    assert '"n"' in shop.ask("select cast(arguments as varchar) a from job where id = :id", id=job)[0].a


def test_a_job_that_kills_its_worker_is_buried_too(shop: Shop):
    job = shop.enqueue("note")
    for _ in range(backoff.MOST_ATTEMPTS):
        with transaction(shop.engine, writes=True) as session:
            assert operations.lease(session, owner="dies", now=shop.now, limit=1)
        shop.now += operations.LEASE
    shop.work()
    assert shop.state(job) == "dead"
    assert shop.done == []


def test_a_job_may_give_up_at_once(shop: Shop):
    def refuse(arguments: Mapping[str, Any], now: datetime) -> None:
        raise GiveUp

    shop.kinds["refuse"] = Delivery(refuse)
    job = shop.enqueue("refuse")
    shop.work()
    assert shop.state(job) == "dead"


def test_an_unknown_kind_is_buried(shop: Shop):
    job = shop.enqueue("written_by_a_newer_version")
    shop.work()
    assert shop.state(job) == "dead"


def test_a_job_comes_again_when_it_was_told_to(shop: Shop):
    def later(arguments: Mapping[str, Any], now: datetime) -> None:
        shop.done.append(now)
        if len(shop.done) == 1:
            raise TryLater(timedelta(minutes=7))

    shop.kinds["later"] = Delivery(later)
    shop.enqueue("later")
    shop.work()
    shop.now += timedelta(minutes=6, seconds=59)
    assert shop.work() == 0
    shop.now += timedelta(seconds=1)
    assert shop.work() == 1


def test_delays_double_and_stay_within_their_jitter():
    for attempts in range(1, 30):
        middle = min(backoff.FIRST_DELAY * 2 ** (attempts - 1), backoff.LONGEST_DELAY)
        assert 0.75 * middle <= backoff.delay(attempts) <= 1.25 * middle
