"""A real sender is killed in the middle of its work; every note reaches its phone all the same."""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from portal.config import ROOT
from tests.push.conftest import NOTE, PushShop

PHONES = 12
NOTES = 10


def start_sender(shop: PushShop, certificate: Path, *, minutes: int) -> subprocess.Popen[str]:
    url = shop.engine.url.render_as_string(hide_password=False)
    told = [url, shop.settings.push_private_key, str(shop.service.port), str(certificate), str(minutes)]
    command = [sys.executable, "-m", "tests.push.sender_process", *told]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def received(shop: PushShop) -> int:
    return sum(map(len, shop.service.received.values()))


def test_a_killed_sender_loses_no_note(shop: PushShop, ada: str, tmp_path: Path):
    for n in range(PHONES):
        shop.phone(ada, f"pixel-{n}")
        shop.service.behave(f"pixel-{n}", before=lambda: time.sleep(0.02))
    for _ in range(NOTES):
        shop.post(ada, replace(NOTE, topic=None))
    first = start_sender(shop, tmp_path / "push.pem", minutes=0)
    while received(shop) < 20:
        time.sleep(0.005)
    first.kill()
    first.communicate()
    told_before = received(shop)
    assert told_before < PHONES * NOTES, "it was not killed in the middle: the test proved nothing"
    shop.later(minutes=3)
    last = start_sender(shop, tmp_path / "push.pem", minutes=3)
    out, _ = last.communicate(timeout=60)
    assert last.returncode == 0
    assert int(out) > 0
    assert {len(shop.service.received[f"pixel-{n}"]) >= NOTES for n in range(PHONES)} == {True}
    assert {state for state, _ in shop.jobs()} == {"done"}
    assert shop.service.refused == []
