"""Everything is killed while tills are selling; afterwards every receipt stands once, as the tills were answered."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import Engine, text

from portal import clock
from portal.config import ROOT
from portal.db import transaction
from portal.ledger.checks import check_ledger
from portal.staff import operations as staff
from tests.programme.shop import BASE5, Shop, rulebook

TILLS = 4
RECEIPTS_OF_A_TILL = 40
KILLS = 2
PATIENCE = 120


class Portal:
    """The command that serves, its web processes and its job worker: one process group, killed as one."""

    def __init__(self, engine: Engine, log: Path) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self.port = free.getsockname()[1]
        self._settings = {
            "PORTAL_DATABASE_URL": engine.url.render_as_string(hide_password=False),
            "PORTAL_PORT": str(self.port),
            "PORTAL_API_RATE": "0",
        }
        self._log = log
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "portal.cli", "serve"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=os.environ | self._settings, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


class Till(threading.Thread):
    """A till that tells each receipt again, under the same key, until it is answered."""

    def __init__(self, address: str, key: str, told: list[dict[str, Any]]) -> None:
        super().__init__(daemon=True)
        self.address, self.key, self.told = address, key, told
        self.answers: dict[str, dict[str, Any]] = {}

    def run(self) -> None:
        for receipt in self.told:
            self.answers[receipt["number"]] = self.tell(receipt)

    def tell(self, receipt: dict[str, Any]) -> dict[str, Any]:
        ends = time.monotonic() + PATIENCE
        headers = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": receipt["number"]}
        while time.monotonic() < ends:
            try:
                answer = requests.post(self.address, json=receipt, headers=headers, timeout=10)
            except requests.RequestException:
                time.sleep(0.05)
                continue
            if answer.status_code < 300:
                return answer.json()
            if answer.status_code < 500:
                raise AssertionError(answer.text)
        raise TimeoutError(receipt["number"])


@pytest.fixture
def shop(engine: Engine) -> Shop:
    shop = Shop(engine)
    shop.publish(rulebook(BASE5, wallets=[{"id": "points", "pending_days": 1, "valid": {"type": "days", "n": 90}}]))
    return shop


@pytest.fixture
def portal(shop: Shop, tmp_path: Path) -> Iterator[Portal]:
    portal = Portal(shop.engine, tmp_path / "log")
    yield portal
    portal.kill()


def test_nothing_is_lost_and_nothing_stands_twice(shop: Shop, portal: Portal) -> None:
    with transaction(shop.engine, writes=True) as session:
        key = staff.make_key(session, name="tills", scopes=("shop",), now=clock.now()).secret
    members = [shop.join(f"member{n}@example.com") for n in range(3)]
    tills = [Till(f"http://127.0.0.1:{portal.port}/api/v1/receipts", key, receipts(n, members)) for n in range(TILLS)]
    for till in tills:
        till.start()
    for share in range(1, KILLS + 1):
        wait_for(tills, answers=share * TILLS * RECEIPTS_OF_A_TILL // (KILLS + 1))
        portal.kill()
        portal.start()
    wait_for(tills, answers=TILLS * RECEIPTS_OF_A_TILL)
    recount(shop, {number: answer for till in tills for number, answer in till.answers.items()})
    again = tills[0].tell(tills[0].told[0])
    assert again == tills[0].answers[again_number(tills[0])]


def receipts(till: int, members: list[str]) -> list[dict[str, Any]]:
    at = (clock.now() - timedelta(seconds=1)).isoformat()
    return [
        {
            "number": f"T{till}-{n}",
            "store": "S1",
            "at": at,
            "member": {"id": members[n % len(members)]},
            "lines": [{"n": 1, "sku": "CHEESE", "qty": 1, "gross": 10_000 + n * 100}],
        }
        for n in range(RECEIPTS_OF_A_TILL)
    ]


def again_number(till: Till) -> str:
    return till.told[0]["number"]


def wait_for(tills: list[Till], *, answers: int) -> None:
    ends = time.monotonic() + PATIENCE
    while sum(len(till.answers) for till in tills) < answers:
        assert time.monotonic() < ends
        assert all(till.is_alive() or len(till.answers) == len(till.told) for till in tills)
        time.sleep(0.01)


def recount(shop: Shop, answers: dict[str, dict[str, Any]]) -> None:
    """Hold the database against what the tills were answered."""
    with transaction(shop.engine, writes=False) as session:
        assert list(check_ledger(session)) == []
        stored = session.execute(text("select number, id, earned from receipt")).all()
        events = session.execute(text("select payload from event where type = 'receipt.recorded'")).scalars().all()
        issued = session.execute(text("select -sum(issued) from entry")).scalar_one()
    assert {row.number: row.id for row in stored} == {n: answer["receipt_id"] for n, answer in answers.items()}
    assert sorted(_payload(event)["receipt_id"] for event in events) == sorted(row.id for row in stored)
    assert issued == sum(row.earned for row in stored) == sum(sum(a["earned"].values()) for a in answers.values())


def _payload(told: Any) -> dict[str, Any]:
    return json.loads(told) if isinstance(told, str) else told
