"""Many who are told the same share a job; on both databases."""

import json

import pytest
from sqlalchemy import text

from portal.db import Batch, run, transaction
from portal.outbox.job import Chunk
from portal.programme.notices import NOTIFY_ALIKE, Notice, announce_alike
from portal.programme.notify_alike import notify_alike
from tests.notifications.post import inbox, jobs, join, work_off
from tests.programme.shop import NOW, Shop


def tell_alike(shop: Shop, members: list[str]) -> None:
    """Have members told the same by one job."""
    facts = {"tier": "Like", "benefits": [], "up": False, "cause": "period"}
    batch = Batch()
    announce_alike(batch, members, Notice(kind="tier_changed", cause="end", facts=facts, at=NOW), now=NOW)
    run(shop.engine, batch.flush, writes=True)


def test_many_who_fall_at_once_share_a_job_and_each_is_told_once(shop: Shop):
    members = [join(shop.engine, now=NOW, contact=f"member{n}@example.com") for n in range(3)]
    tell_alike(shop, members)
    assert jobs(shop.engine, NOTIFY_ALIKE) == 1
    with transaction(shop.engine, writes=False) as session:
        told = session.scalars(text("select arguments from job where kind = 'notify_alike'")).one()
    arguments = told if isinstance(told, dict) else json.loads(told)
    alone = Chunk(NOW, {**arguments, "members": members[:1]}, None)
    assert run(shop.engine, lambda session: notify_alike(session, alone), writes=True) is None
    assert [len(inbox(shop.engine, each)) for each in members] == [1, 0, 0]
    work_off(shop.engine, now=NOW)
    assert [len(inbox(shop.engine, each)) for each in members] == [1, 1, 1]


def test_a_job_for_many_goes_on_where_it_came_to(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("portal.programme.notify_alike.TOLD_AT_ONCE", 2)
    members = [join(shop.engine, now=NOW, contact=f"member{n}@example.com") for n in range(5)]
    tell_alike(shop, members)
    work_off(shop.engine, now=NOW)
    assert [len(inbox(shop.engine, each)) for each in members] == [1] * 5


def test_a_job_for_many_that_failed_is_done_by_a_job_for_each(shop: Shop):
    members = [join(shop.engine, now=NOW, contact=f"member{n}@example.com") for n in range(3)]
    tell_alike(shop, members)
    with transaction(shop.engine, writes=True) as session:
        session.execute(text("update job set attempts = 1 where kind = 'notify_alike'"))
    work_off(shop.engine, now=NOW)
    assert jobs(shop.engine, "notify") == 3
    assert [len(inbox(shop.engine, each)) for each in members] == [1, 1, 1]
