"""A shop to measure on: ten rules, some members, a key, and the portal serving it from processes of its own."""

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from load import request
from sqlalchemy import Engine

from portal import clock
from portal.db import make_engine, transaction
from portal.members.contacts import read_email
from portal.members.operations import Newcomer
from portal.migrations.steps import migrate
from portal.outbox.queries import backlog
from portal.programme.enrol_member import Joining, enrol_member
from portal.programme.publish_rulebook import publish_rulebook
from portal.rulebook.document import load_json
from portal.staff.operations import make_key

ROOT = Path(__file__).resolve().parent.parent
SECRET = "a secret of the benchmarks, 32 characters at least"
_RATE = {"type": "accrue_percent"}
RULES: list[dict[str, Any]] = [
    {"id": "base5", "priority": 10, "effects": [{**_RATE, "rate_bp": 500}]},
    {"id": "friday", "priority": 20, "when": {"type": "weekly", "days": [5], "start": "18:00", "end": "20:00"},
     "effects": [{"type": "multiply", "factor_bp": 20_000, "rules": ["base5"]}]},
    {"id": "yellow", "priority": 5, "effects": [
        {"type": "discount_percent", "rate_bp": 3000, "lines": {"tag": ["yellow"]}},
        {"type": "block", "what": ["accrual", "redemption", "discount"], "lines": {"tag": ["yellow"]}}]},
    {"id": "legal", "priority": 1, "effects": [
        {"type": "block", "what": ["accrual", "redemption", "discount"], "lines": {"category": ["tobacco"]}}]},
    {"id": "dairy2", "priority": 30, "effects": [{**_RATE, "rate_bp": 200, "lines": {"category": ["food/dairy"]}}]},
    {"id": "big", "priority": 40, "when": {"type": "receipt_total", "min": 300_000},
     "effects": [{"type": "accrue_fixed", "points": 50}]},
    {"id": "soap", "priority": 8,
     "effects": [{"type": "n_for_m", "take": 2, "pay": 1, "lines": {"category": ["soap"]}}]},
    {"id": "second", "priority": 50, "when": {"type": "purchase_number", "from": 2, "to": 3},
     "effects": [{**_RATE, "rate_bp": 100}]},
    {"id": "back", "priority": 60, "when": {"type": "previous_purchase", "more_than": 300_000, "within_days": 30},
     "effects": [{**_RATE, "rate_bp": 100}]},
    {"id": "online", "priority": 70, "when": {"type": "channel", "in": ["web"]},
     "effects": [{**_RATE, "rate_bp": 100}]},
]  # fmt: skip
RULEBOOK: dict[str, Any] = {
    "id": "bench", "version": 1, "currency": "RUB", "timezone": "Europe/Moscow", "rules": RULES,
    "wallets": [{"id": "points", "valid": {"type": "days", "n": 180}}],
}  # fmt: skip
CATEGORIES = ("food/dairy", "food/bread", "food/fruit", "soap", "tobacco", "home")


@dataclass(frozen=True, slots=True)
class Shop:
    """Where the shop lives, who its members are and the secret of its key."""

    engine: Engine
    url: str
    members: tuple[str, ...]
    key: str


def open_shop(url: str, *, members: int = 1000, welcome: int = 0) -> Shop:
    """Make the tables, publish the ten rules, enrol members and make a key of scope `shop`."""
    engine = make_engine(url)
    migrate(engine)
    now = clock.now()
    document = {**RULEBOOK, "welcome": {"points": welcome}} if welcome else RULEBOOK
    with transaction(engine, writes=True) as session:
        publish_rulebook(session, load_json(document), effective_from=now - timedelta(days=400), now=now)
        key = make_key(session, name="bench", scopes=("shop",), now=now)
    joined: list[str] = []
    for start in range(0, members, 200):
        with transaction(engine, writes=True) as session:
            numbers = range(start, min(start + 200, members))
            joined += [_join(session, number, now=now) for number in numbers]
    return Shop(engine, url, tuple(joined), key.secret)


def _join(session: Any, number: int, *, now: datetime) -> str:
    newcomer = Newcomer(
        name=f"Member {number}", language="en", contacts=(read_email(f"member-{number}@example.com"),), verified=True
    )
    joining = Joining(granted=("programme",), language="en", source="import", proof=None, at=now)
    return enrol_member(session, newcomer, joining, secret=SECRET, now=now).member_id


def receipts(shop: Shop, *, count: int, series: str, lines: int = 10, points: int = 0) -> list[dict[str, Any]]:
    """Return receipts of ten lines by members in turn; every fifth asks to spend `points`."""
    chance = random.Random(series)
    at = (clock.now() - timedelta(seconds=5)).astimezone(UTC).isoformat()
    return [
        {
            "number": f"{series}-{number}",
            "store": "S1",
            "channel": "store",
            "at": at,
            "member": {"id": shop.members[number % len(shop.members)]},
            "points_requested": points if number % 5 == 0 else 0,
            "lines": [_line(n, chance) for n in range(1, lines + 1)],
        }
        for number in range(count)
    ]


def _line(n: int, chance: random.Random) -> dict[str, Any]:
    return {
        "n": n,
        "sku": f"SKU-{chance.randrange(500)}",
        "title": "Goods",
        "category": chance.choice(CATEGORIES),
        "brand": "Prosto",
        "tags": ["yellow"] if chance.random() < 0.1 else [],
        "qty": chance.randint(1, 3),
        "gross": chance.randrange(900, 60_000),
    }


def posts(base: str, shop: Shop, told: list[dict[str, Any]], *, path: str = "/api/v1/receipts") -> list[bytes]:
    """Return ready-made requests that record receipts."""
    fixed = {"Authorization": f"Bearer {shop.key}", "Content-Type": "application/json"}
    return [
        request(base, "POST", path, headers={**fixed, "Idempotency-Key": one["number"]}, body=json.dumps(one).encode())
        for one in told
    ]


def let_jobs_end(shop: Shop) -> None:
    """Wait until the worker has done what is due, so that what was made to measure on is not measured too."""
    for _ in range(1200):
        with transaction(shop.engine, writes=False) as session:
            if not backlog(session, now=clock.now()).due:
                return
        time.sleep(0.1)
    raise RuntimeError("the jobs never end")


@contextlib.contextmanager
def serving(url: str, *, workers: int = 2) -> Iterator[str]:
    """Serve the portal on loopback from its own command; give its address and stop it at the end."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "PORTAL_DATABASE_URL": url,
            "PORTAL_PORT": str(port),
            "PORTAL_SECRET_KEY": SECRET,
            "PORTAL_WORKERS": str(workers),
            "PORTAL_API_RATE": "0",
            "PROMETHEUS_MULTIPROC_DIR": folder,
        }
        with (Path(folder) / "log").open("wb") as log:
            server = subprocess.Popen(
                [sys.executable, "-m", "portal.cli", "serve"], cwd=ROOT, env=environment, stdout=log, stderr=log
            )
            try:
                base = f"http://127.0.0.1:{port}"
                _wait(base, server, Path(folder) / "log")
                yield base
            finally:
                server.send_signal(signal.SIGTERM)
                server.wait(20)


def _wait(base: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise RuntimeError(log.read_text())
        try:
            with urllib.request.urlopen(f"{base}/readyz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"not ready: {log.read_text()}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
