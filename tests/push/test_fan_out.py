"""Notes reach phones, and every answer of a push service has its consequence."""

import json
import logging
import threading
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from portal.db import Batch, transaction
from portal.members import operations as members
from portal.outbox import operations as outbox
from portal.push import operations as push
from portal.push.fan_out import MINE, FanOut
from portal.push.figures import NOTES
from portal.push.queries import subscribed
from tests.push.conftest import NOTE, PushShop
from tests.push.service import HOSTS

GOOGLE, MOZILLA, APPLE = HOSTS


def test_a_phone_reads_what_was_sent(shop: PushShop, ada: str):
    shop.phone(ada, "pixel")
    assert shop.post(ada) == 1
    assert shop.send() == 1
    [got] = shop.service.received["pixel"]
    told = json.loads(got.text)
    shown = told["notification"]
    assert told["web_push"] == 8030
    assert (shown["title"], shown["body"], shown["lang"], shown["tag"]) == (NOTE.title, NOTE.body, "ru", "balance")
    assert shown["navigate"] == f"{shop.settings.origin}/card"
    assert shown["icon"].startswith(f"{shop.settings.origin}/icons/any-192")
    assert shown["app_badge"] == 1
    assert (got.ttl, got.urgency, got.topic) == (600, "normal", "balance")
    assert shop.service.refused == []
    assert shop.jobs() == [("done", 1)]
    assert shop.ask("select failures, last_ok_at is not null from push_subscription") == [(0, 1)]


def test_every_phone_of_a_member_gets_it_and_nobody_elses(shop: PushShop, ada: str, ben: str):
    for name, host in (("pixel", GOOGLE), ("fox", MOZILLA), ("iphone", APPLE)):
        shop.phone(ada, name, host=host)
    shop.phone(ben, "bens")
    assert shop.post(ada) == 3
    assert shop.send() == 3
    assert {name for name, got in shop.service.received.items() if got} == {"pixel", "fox", "iphone"}


def test_lines_are_kept_open(shop: PushShop, ada: str):
    shop.phone(ada, "pixel")
    for _ in range(5):
        shop.post(ada)
        shop.send()
    assert len(shop.service.received["pixel"]) == 5
    assert shop.service.connections == 1


def test_a_line_that_was_hung_up_is_replaced(shop: PushShop, ada: str):
    shop.phone(ada, "pixel")
    shop.service.behave("pixel", 500, Connection="close")
    shop.post(ada)
    shop.send()
    del shop.service.behaviours["pixel"]
    shop.later(minutes=1)
    shop.send()
    assert len(shop.service.received["pixel"]) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(shop: PushShop, ada: str, status: int):
    shop.phone(ada, "pixel")
    shop.service.behave("pixel", status)
    shop.post(ada)
    shop.send()
    assert shop.jobs() == [("done", 1)]
    with transaction(shop.engine, writes=False) as session:
        assert not subscribed(session, ada, now=shop.now)


@pytest.mark.parametrize("status", [429, 503])
def test_a_service_that_asks_for_rest_gets_it_and_others_go_on(shop: PushShop, ada: str, status: int):
    shop.phone(ada, "pixel")
    shop.phone(ada, "nexus")
    shop.phone(ada, "fox", host=MOZILLA)
    shop.service.behave(GOOGLE, status, Retry_After="120")
    shop.post(ada)
    shop.send()
    assert len(shop.service.received["fox"]) == 1
    waiting = [row.due_at for row in shop.ask("select due_at from job where state = 'waiting'")]
    assert len(waiting) == 2
    assert min(waiting) >= int((shop.now + timedelta(seconds=120)).timestamp() * 1e6)
    del shop.service.behaviours[GOOGLE]
    shop.later(seconds=30)
    shop.post(ada, replace(NOTE, topic=None))
    shop.send()
    assert shop.service.received["pixel"] == [], "it still rests"
    shop.later(seconds=130)
    shop.send()
    assert [len(shop.service.received[name]) for name in ("pixel", "nexus", "fox")] == [2, 2, 2]
    assert {attempts for _, attempts in shop.jobs()} == {1}, "to rest is no failed attempt"


def test_a_failing_service_is_tried_again_later(shop: PushShop, ada: str):
    shop.phone(ada, "pixel")
    shop.service.behave("pixel", 500)
    shop.post(ada)
    shop.send()
    assert shop.jobs() == [("waiting", 1)]
    assert shop.ask("select failures from push_subscription") == [(1,)]
    assert shop.send() == 0
    del shop.service.behaviours["pixel"]
    shop.later(seconds=10)
    shop.send()
    assert shop.jobs() == [("done", 2)]
    assert shop.service.received["pixel"][0].ttl == 590, "it lives no longer than it was meant to"


@pytest.mark.parametrize("status", [302, 400, 413])
def test_what_can_never_be_taken_is_a_bug_and_buried(shop: PushShop, ada: str, status: int, caplog):
    shop.phone(ada, "pixel")
    shop.service.behave("pixel", status, Location=f"https://{MOZILLA}/push/elsewhere")
    shop.service.phone("elsewhere", host=MOZILLA)
    shop.post(ada)
    with caplog.at_level(logging.WARNING):
        shop.send()
    assert shop.jobs() == [("dead", 1)]
    assert shop.service.received["elsewhere"] == [], "nothing is followed"
    assert [(each.levelname, each.error) for each in caplog.records] == [("ERROR", f"answered {status}")]


@pytest.mark.parametrize("status", [401, 403])
def test_a_service_that_does_not_believe_us_is_an_alarm(shop: PushShop, ada: str, status: int, caplog):
    shop.phone(ada, "pixel")
    shop.service.behave("pixel", status)
    counted = NOTES.labels(GOOGLE, "refused")._value.get()
    shop.post(ada)
    with caplog.at_level(logging.WARNING):
        shop.send()
    assert [each.levelname for each in caplog.records] == ["ERROR"]
    assert NOTES.labels(GOOGLE, "refused")._value.get() == counted + 1
    assert shop.jobs() == [("waiting", 1)]


def test_logs_and_errors_name_no_phone(shop: PushShop, ada: str, caplog):
    for n, status in enumerate((400, 403, 429, 500)):
        shop.phone(ada, f"canary-{n}", host=HOSTS[n % 3])
        shop.service.behave(f"canary-{n}", status)
    shop.post(ada)
    with caplog.at_level(logging.DEBUG):
        shop.send()
    assert len(caplog.records) >= 4
    told = "".join(str(vars(record)) for record in caplog.records)
    told += str(shop.ask("select last_error from job"))
    assert "canary" not in told
    assert NOTE.title not in told
    assert ada not in told


def test_a_note_whose_time_is_over_is_dropped(shop: PushShop, ada: str):
    shop.phone(ada, "pixel")
    shop.post(ada)
    shop.later(seconds=NOTE.ttl_seconds)
    assert shop.send() == 1
    assert shop.service.received["pixel"] == []
    assert shop.jobs() == [("cancelled", 1)]


def test_a_later_note_of_a_topic_takes_the_place_of_one_that_waits(shop: PushShop, ada: str):
    shop.phone(ada, "pixel")
    shop.post(ada)
    shop.post(ada, replace(NOTE, title="240"))
    shop.post(ada, replace(NOTE, title="news", topic="news"))
    shop.send()
    titles = [json.loads(got.text)["notification"]["title"] for got in shop.service.received["pixel"]]
    assert sorted(titles) == ["240", "news"]
    assert len(shop.jobs()) == 2


def test_a_note_that_was_overtaken_on_its_way_is_not_tried_again(shop: PushShop, ada: str):
    shop.phone(ada, "pixel")
    shop.post(ada)

    def once() -> None:
        del shop.service.behaviours["pixel"]
        shop.post(ada, replace(NOTE, title="240"))

    shop.service.behave("pixel", 500, before=once)
    shop.send()
    shop.later(minutes=1)
    shop.send()
    titles = [json.loads(got.text)["notification"]["title"] for got in shop.service.received["pixel"]]
    assert titles == ["240"]
    assert sorted(state for state, _ in shop.jobs()) == ["cancelled", "done"]


def test_who_signed_out_gets_nothing_more(shop: PushShop, ada: str):
    shop.phone(ada, "pixel")
    shop.post(ada)
    with transaction(shop.engine, writes=True) as session:
        members.revoke_session(session, ada, shop.sessions["pixel"], now=shop.now)
    shop.send()
    assert shop.service.received["pixel"] == []
    assert shop.jobs() == [("cancelled", 1)]


def test_a_member_has_no_more_phones_than_sign_ins(shop: PushShop, ada: str):
    """Twenty by the terms of sessions; the one not seen for longest makes room."""
    for n in range(23):
        shop.phone(ada, f"pixel-{n:02d}")
        shop.later(minutes=1)
    shop.post(ada)
    shop.send()
    reached = sorted(name for name, got in shop.service.received.items() if got)
    assert reached == [f"pixel-{n:02d}" for n in range(3, 23)]


def test_a_slow_service_delays_no_other(shop: PushShop, ada: str, ben: str):
    """Google holds every answer back until the phones at Mozilla have theirs."""
    for n in range(15):
        shop.phone(ada, f"pixel-{n}")
        shop.phone(ben, f"fox-{n}", host=MOZILLA)
    others_done, waited, arrived = threading.Event(), [], []

    def hold() -> None:
        waited.append(others_done.wait(8))

    def watch() -> None:
        arrived.append(MOZILLA)
        if len(arrived) == 15:
            others_done.set()

    shop.service.behave(GOOGLE, before=hold)
    shop.service.behave(MOZILLA, before=watch)
    shop.post(ada)
    shop.post(ben)
    assert shop.send() == 30
    assert waited == [True] * 15, "Google's answers came before Mozilla's: one waited for the other"
    assert {state for state, _ in shop.jobs()} == {"done"}


def test_a_silent_service_delays_no_other_by_standing_first_in_the_queue(shop: PushShop, ada: str, ben: str):
    """Twelve hundred notes for a service that says nothing are due before one for another."""
    shop.phone(ada, "pixel")
    shop.phone(ben, "fox", host=MOZILLA)
    other_done, waited = threading.Event(), []
    shop.service.behave(GOOGLE, before=lambda: waited.append(other_done.wait(8)))
    shop.service.behave(MOZILLA, before=other_done.set)
    [browser] = [row.id for row in shop.ask(f"select id from push_subscription where member_id = '{ada}'")]
    arguments = {"browser": browser, "note": asdict(replace(NOTE, topic=None))}
    with transaction(shop.engine, writes=True) as session:
        batch = Batch()
        for _ in range(1200):
            outbox.enqueue(batch, push.SEND, arguments=arguments, now=shop.now - timedelta(seconds=1))
        batch.flush(session)
    shop.post(ben)
    shop.send()
    assert len(shop.service.received["fox"]) == 1
    assert set(waited) == {True}, "Mozilla's waited for Google's"


def test_results_are_kept_while_the_database_is_away(shop: PushShop, ada: str, monkeypatch: pytest.MonkeyPatch):
    shop.phone(ada, "pixel")
    shop.post(ada)
    sender, settle, tries = shop.sender(), FanOut._settle, []

    def away_once(self: FanOut, results: Any) -> None:
        tries.append(len(results))
        if len(tries) == 1:
            raise OperationalError("settle", {}, Exception("away"))
        settle(self, results)

    monkeypatch.setattr(FanOut, "_settle", away_once)
    with pytest.raises(OperationalError):
        sender.run_due()
    sender.run_due()
    assert shop.jobs() == [("done", 1)]
    assert len(shop.service.received["pixel"]) == 1


def test_another_sender_takes_over_when_one_dies(shop: PushShop, ada: str):
    shop.phone(ada, "pixel")
    shop.post(ada)
    with transaction(shop.engine, writes=True) as session:
        assert outbox.lease(session, owner="dies", now=shop.now, limit=9, mine=MINE)
    assert shop.send() == 0
    shop.later(seconds=outbox.LEASE.total_seconds())
    assert shop.send() == 1
    assert len(shop.service.received["pixel"]) == 1
    assert shop.jobs() == [("done", 2)]


def test_a_stopped_sender_gives_back_what_waits(shop: PushShop, ada: str):
    shop.phone(ada, "pixel")
    shop.post(ada)
    shop.stopped = True
    assert shop.send() == 0
    assert shop.jobs() == [("waiting", 0)]


def test_lost_browsers_are_forgotten_at_night(shop: PushShop, ada: str):
    for name in ("pixel", "signed-out", "silent"):
        shop.phone(ada, name)
    with transaction(shop.engine, writes=True) as session:
        members.revoke_session(session, ada, shop.sessions["signed-out"], now=shop.now)
        silent = "select id from push_subscription where endpoint like '%silent'"
        for _ in range(push.LOST_AFTER):
            ids = [row.id for row in shop.ask(silent)]
            push.note_results(session, reached=[], gone=[], failed=ids, now=shop.now)
    for days, left in ((1, ["pixel", "silent"]), (31, ["pixel"])):
        with transaction(shop.engine, writes=True) as session:
            assert push.forget_lost_browsers(session, after="", now=shop.now + timedelta(days=days)) is None
        found = shop.ask("select endpoint from push_subscription order by endpoint")
        assert [row.endpoint.rpartition("/")[2] for row in found] == left
