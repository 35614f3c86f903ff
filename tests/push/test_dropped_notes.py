"""What is too late, overtaken or for nobody is not sent."""

import json
from dataclasses import replace
from datetime import timedelta

from portal.db import transaction
from portal.members import operations as members
from portal.push import operations as push
from tests.push.conftest import NOTE, PushShop


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
