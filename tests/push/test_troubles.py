"""No note is lost when the database is away, a sender dies or is stopped."""

from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from portal.db import transaction
from portal.outbox import operations as outbox
from portal.push.fan_out import MINE, FanOut
from tests.push.conftest import PushShop


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
