"""A worker runs what is due: once, in order, alone or with others of its kind."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.db import Batch, transaction
from portal.outbox import operations
from portal.outbox.job import Mine, Together
from portal.outbox.message import Message
from tests.outbox.shop import NOON, Shop


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
