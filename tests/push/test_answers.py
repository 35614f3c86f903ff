"""Every answer of a push service has its consequence."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from portal.db import transaction
from portal.push.figures import NOTES
from portal.push.queries import subscribed
from tests.push.conftest import NOTE, PushShop
from tests.push.service import GOOGLE, MOZILLA


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
