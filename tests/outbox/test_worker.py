from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from portal.db import Batch, transaction
from portal.outbox import backoff, operations, queries
from portal.outbox.job import EVERY_KIND, Chunk, Delivery, GiveUp, Kind, Mine, Together, TryLater, Work
from portal.outbox.message import Message
from portal.outbox.timetable import Timed
from portal.outbox.worker import Worker

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


@dataclass
class Shop:
    """A worker whose clock the test moves, and what its jobs did."""

    engine: Engine
    now: datetime = NOON
    kinds: dict[str, Kind] = field(default_factory=dict)
    timetable: tuple[Timed, ...] = ()
    done: list[Any] = field(default_factory=list)
    stopped: bool = False

    def enqueue(self, kind: str, arguments: Mapping[str, Any] | None = None, **options: Any) -> str:
        batch = Batch()
        job_id = operations.enqueue(batch, kind, arguments=arguments or {}, now=self.now, **options)
        with transaction(self.engine, writes=True) as session:
            batch.flush(session)
        return job_id

    def work(self, owner: str = "first") -> int:
        return self.worker(owner).run_due()

    def worker(self, owner: str = "first") -> Worker:
        return Worker(
            engine=self.engine,
            owner=owner,
            kinds=self.kinds,
            timetable=self.timetable,
            clock=lambda: self.now,
            stopped=lambda: self.stopped,
        )

    def note(self, name: str) -> Work:
        return Work(lambda _, chunk: self.done.append((name, dict(chunk.arguments))))

    def ask(self, sql: str, **values: object) -> list[Any]:
        with transaction(self.engine, writes=False) as session:
            return list(session.execute(text(sql), values).all())

    def state(self, job_id: str) -> str:
        return self.ask("select state from job where id = :id", id=job_id)[0].state


@pytest.fixture
def shop(engine: Engine) -> Shop:
    shop = Shop(engine)
    shop.kinds["note"] = shop.note("note")
    return shop


def test_a_job_is_run_once_and_its_arguments_are_forgotten(shop: Shop):
    job = shop.enqueue("note", {"to": "ada@example.org"})
    assert shop.work() == 1
    assert shop.work() == 0
    assert shop.done == [("note", {"to": "ada@example.org"})]
    assert shop.ask("select state, cast(arguments as varchar) a from job where id = :id", id=job) == [("done", "{}")]


def test_a_job_of_a_rolled_back_transaction_never_existed(shop: Shop):
    def fail() -> None:
        with transaction(shop.engine, writes=True) as session:
            batch = Batch()
            operations.enqueue(batch, "note", arguments={}, now=NOON)
            batch.flush(session)
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert shop.work() == 0


def test_many_are_done_in_one_go_in_the_order_they_became_due(shop: Shop):
    shop.kinds["gather"] = Together(lambda _, jobs, __: shop.done.append([job["n"] for job in jobs]))
    for n in (2, 0, 1):
        shop.enqueue("gather", {"n": n}, due_at=NOON - timedelta(minutes=10 - n))
    shop.enqueue("gather", {"n": 3}, due_at=NOON + timedelta(minutes=1))
    shop.enqueue("note", {"n": 4})
    assert shop.work() == 4
    assert shop.done == [[0, 1, 2], ("note", {"n": 4})]
    arguments = shop.ask("select state, attempts, cast(arguments as varchar) a from job where kind = 'gather'")
    assert sorted(arguments)[:3] == [("done", 1, "{}")] * 3


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


def test_what_is_no_use_any_more_is_dropped_before_it_is_done_with_others(shop: Shop):
    shop.kinds["gather"] = Together(lambda _, jobs, __: shop.done.append(list(jobs)))
    late = shop.enqueue("gather", {"n": 1}, pointless_at=NOON)
    shop.enqueue("gather", {"n": 2})
    assert shop.work() == 2
    assert shop.done == [[{"n": 2}]]
    assert shop.state(late) == "cancelled"


def test_a_worker_leaves_what_others_do_together(shop: Shop):
    shop.kinds["gather"] = Together(lambda _, jobs, __: shop.done.append(list(jobs)))
    shop.enqueue("gather")
    assert replace(shop.worker(), mine=Mine(never=("gather",))).run_due() == 0
    assert replace(shop.worker(), mine=Mine(only=("note",))).run_due() == 0
    assert shop.work() == 1


def test_a_job_waits_for_its_time(shop: Shop):
    shop.enqueue("note", due_at=NOON + timedelta(minutes=5))
    assert shop.work() == 0
    shop.now += timedelta(minutes=5)
    assert shop.work() == 1


def test_a_name_is_enqueued_once(shop: Shop):
    shop.enqueue("note", {"n": 1}, name="note@noon")
    shop.enqueue("note", {"n": 2}, name="note@noon")
    shop.work()
    assert shop.done == [("note", {"n": 1})]


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
    assert failed.last_error.startswith("ValueError at test_worker.py:")
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


def test_a_message_nobody_could_send_in_time_is_dropped(shop: Shop):
    job = shop.enqueue("note", pointless_at=NOON + timedelta(minutes=10))
    shop.now += timedelta(minutes=10)
    shop.work()
    assert shop.state(job) == "cancelled"
    assert shop.done == []


def test_a_cancelled_job_is_not_run(shop: Shop):
    job = shop.enqueue("note")
    with transaction(shop.engine, writes=True) as session:
        operations.cancel(session, job, now=NOON)
    assert shop.work() == 0
    assert shop.state(job) == "cancelled"


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


def test_delays_double_and_stay_within_their_jitter():
    for attempts in range(1, 30):
        middle = min(backoff.FIRST_DELAY * 2 ** (attempts - 1), backoff.LONGEST_DELAY)
        assert 0.75 * middle <= backoff.delay(attempts) <= 1.25 * middle


def test_messages_to_somebody_who_is_forgotten_are_forgotten(shop: Shop):
    ada, ben = {"recipient": "ada@example.org"}, {"recipient": "ben@example.org"}
    shop.enqueue("send_email", ada)
    kept = shop.enqueue("send_email", ben)
    shop.enqueue("note", {"n": 1})
    with transaction(shop.engine, writes=True) as session:
        message = Message("email", "ada@example.org", "sign_in_code", "en")
        operations.keep_message(session, message, subject="", text="", now=NOON)
        operations.forget_messages_to(session, "ada@example.org")
    assert [row.id for row in shop.ask("select id from job where kind = 'send_email'")] == [kept]
    assert shop.ask("select 1 from kept_message") == []
