"""A shop with a push key, a push service on loopback, and members' phones."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from portal.config import Settings
from portal.db import transaction
from portal.jobs import fan_out
from portal.members import operations as members
from portal.push import operations as push
from portal.push.browser import read_subscription
from portal.push.fan_out import FanOut
from portal.push.note import PushNote
from portal.push.server_key import application_server_key
from portal.vapid import make_private_key
from tests.conftest import local_settings
from tests.members.cast import ADA, BEN, join
from tests.push.service import HOSTS, Phone, PushService

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
NOTE = PushNote(
    title="120 баллов начислено",
    body="До золотого уровня 140",
    path="/card",
    language="ru",
    tag="balance",
    topic="balance",
    ttl_seconds=600,
    badge=1,
)


class Sender:
    """A sender in a thread of its own, as beside the worker; in a test's thread a browser's loop may run already."""

    def __init__(self, sender: FanOut) -> None:
        self.fan_out, self._thread = sender, ThreadPoolExecutor(1)

    def run_due(self) -> int:
        return self._thread.submit(self.fan_out.run_due).result()

    def close(self) -> None:
        self._thread.submit(self.fan_out.close).result()
        self._thread.shutdown()


@dataclass
class PushShop:
    """A shop whose clock the test moves, its members' phones, and the push service they are at."""

    engine: Engine
    settings: Settings
    service: PushService
    now: datetime = NOON
    stopped: bool = False
    sessions: dict[str, str] = field(default_factory=dict)
    senders: list[Sender] = field(default_factory=list)

    def sign_in(self, member_id: str) -> str:
        with transaction(self.engine, writes=True) as session:
            return members.open_session(session, member_id, user_agent="", now=self.now).id

    def phone(self, member_id: str, name: str, *, host: str = HOSTS[0]) -> Phone:
        """Sign a member in on a new phone and let it take notes."""
        phone = self.service.phone(name, host=host)
        self.sessions[name] = self.sign_in(member_id)
        keys = read_subscription(phone.subscription, services=self.settings.push_hosts)
        with transaction(self.engine, writes=True) as session:
            push.subscribe(session, member_id, keys, session_id=self.sessions[name], now=self.now)
        return phone

    def post(self, member_id: str, note: PushNote = NOTE) -> int:
        with transaction(self.engine, writes=True) as session:
            return push.post_push(session, member_id, note, now=self.now)

    def sender(self, **given: Any) -> Sender:
        at_the_service = {"resolve": self.service.resolve, "tls": self.service.trust}
        found = fan_out(
            self.settings,
            self.engine,
            owner=f"sender-{len(self.senders)}",
            clock=lambda: self.now,
            stopped=lambda: self.stopped,
            **(at_the_service | given),
        )
        assert found
        sender = Sender(found)
        self.senders.append(sender)
        return sender

    def send(self) -> int:
        return (self.senders[0] if self.senders else self.sender()).run_due()

    def ask(self, sql: str) -> list[Any]:
        with transaction(self.engine, writes=False) as session:
            return list(session.execute(text(sql)).all())

    def jobs(self) -> list[tuple[str, int]]:
        return [tuple(row) for row in self.ask("select state, attempts from job order by id")]

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def shop(engine: Engine, tmp_path: Path) -> Iterator[PushShop]:
    key = make_private_key()
    settings = local_settings(engine, push_private_key=key, push_contact="mailto:it@shop.ru")
    shop = PushShop(engine, settings, None)  # type: ignore[arg-type]
    shop.service = PushService(tmp_path, public_key=application_server_key(key), now=lambda: shop.now)
    yield shop
    for sender in shop.senders:
        sender.close()
    shop.service.close()


@pytest.fixture
def ada(shop: PushShop) -> str:
    with transaction(shop.engine, writes=True) as session:
        return join(session, ADA, now=NOON)


@pytest.fixture
def ben(shop: PushShop) -> str:
    with transaction(shop.engine, writes=True) as session:
        return join(session, BEN, name="Ben", now=NOON)
