"""Notes reach the phones they are for, and no service's silence delays another's."""

import json
import logging
import threading
from dataclasses import asdict, replace
from datetime import timedelta

from portal.db import Batch, transaction
from portal.outbox import operations as outbox
from portal.push import operations as push
from tests.push.conftest import NOTE, PushShop
from tests.push.service import APPLE, GOOGLE, HOSTS, MOZILLA


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
