"""A till sells 200 times without a network and is killed twice; answers get lost and doubled; each sale stands once."""

import os
import signal
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect
from sqlalchemy import Engine, text

from portal import clock
from portal.db import run
from portal.staff.queries import read_audit
from tests.browsers import find_browser
from tests.serving import served
from tests.till.shop import TIM_PIN, Till

pytestmark = pytest.mark.browser

SALES = 200
BEFORE_THE_KILL = 120
QUEUE = """(await import(document.querySelector("script[src*=till-strip]").src.replace("till-strip", "till-queue")))"""
SALE = "{ shown: card, amount: String(1000 + n), number: '', method: 'wedge' }"
KEEP = f"async ([card, from, until]) => {{ for (let n = from; n < until; n += 1) await {QUEUE}.keep({SALE}); }}"
LEFT = f"async () => (await {QUEUE}.count()).waiting"


class Network:
    """Between the till and the shop: cut, or losing one answer in three to the queue and doubling another."""

    def __init__(self, app: Any) -> None:
        self._app, self.cut, self.calls, self.fates = app, False, 0, Counter[str]()

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        if self.cut:
            return self._drop(environ)
        if (environ["REQUEST_METHOD"], environ["PATH_INFO"]) != ("POST", "/till/queue"):
            return self._app(environ, start)
        fate = ("lost", "doubled", "whole")[self.calls % 3]
        self.calls += 1
        self.fates[fate] += 1
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        if fate != "whole":
            self._answer(environ, body)
        return self._drop(environ) if fate == "lost" else self._app(self._again(environ, body), start)

    def _answer(self, environ: dict[str, Any], body: bytes) -> None:
        answer = self._app(self._again(environ, body), lambda *_: lambda _: None)
        list(answer)
        answer.close()

    def _again(self, environ: dict[str, Any], body: bytes) -> dict[str, Any]:
        return {**environ, "wsgi.input": BytesIO(body)}

    def _drop(self, environ: dict[str, Any]) -> list[bytes]:
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        return []


class Device:
    """A browser of its own that can be killed; what it keeps lies in its folder."""

    def __init__(self, playwright: Playwright, folder: Path) -> None:
        self._playwright, self._folder = playwright, folder

    def start(self) -> Page:
        port = self._folder / "DevToolsActivePort"
        port.unlink(missing_ok=True)
        command = [str(find_browser()), "--headless=new", "--no-sandbox", "--remote-debugging-port=0", "--lang=en-GB"]
        command += ["--accept-lang=en-GB", f"--user-data-dir={self._folder}", "--no-first-run", "about:blank"]
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        ends = time.monotonic() + 20
        while not (port.exists() and port.read_text().strip()):
            assert time.monotonic() < ends
            time.sleep(0.05)
        address = f"http://127.0.0.1:{port.read_text().splitlines()[0]}"
        self._browser = self._playwright.chromium.connect_over_cdp(address)
        return self._browser.contexts[0].new_page()

    def close(self) -> None:
        """Close it as a person does; only then, or half a minute later, cookies are on the disk."""
        self._browser.new_browser_cdp_session().send("Browser.close")
        self._process.wait(timeout=20)

    def kill(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


@pytest.fixture
def device(playwright: Playwright, tmp_path: Path) -> Iterator[Device]:
    device = Device(playwright, tmp_path / "device")
    (tmp_path / "device").mkdir()
    yield device
    device.kill()


@contextmanager
def opened(shop: Till) -> Iterator[tuple[Network, str]]:
    shop.pages.app.extensions["clock"] = clock.now
    network = Network(shop.pages.app)
    with served(network) as address:
        yield network, address


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/till/sign-in")
    if page.get_by_label("PIN").is_visible():
        page.get_by_label("Tim").check()
        page.get_by_label("PIN").fill(TIM_PIN)
        page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Scan the card")


def test_each_of_200_sales_stands_once(sqlite: Engine, device: Device) -> None:
    shop = Till(sqlite, now=clock.now())
    with opened(shop) as (network, address):
        page = device.start()
        page.goto(f"{address}/till/enrol/{shop.invite()}")
        page.get_by_role("button", name="Let it in").click()
        page.wait_for_url("**/till/sign-in")
        device.close()
        page = device.start()
        sign_in(page, address)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        network.cut = True
        page.goto(f"{address}/till")
        expect(page.get_by_role("heading", level=1)).to_have_text("No connection")
        page.evaluate(KEEP, [shop.card(), 0, BEFORE_THE_KILL])
        device.kill()
        page = device.start()
        page.goto(f"{address}/till")
        expect(page.get_by_role("link", name=f"In the queue: {BEFORE_THE_KILL}")).to_be_visible()
        page.evaluate(KEEP, [shop.card(), BEFORE_THE_KILL, SALES])
        assert shop.count("receipt") == 0
        network.cut = False
        sign_in(page, address)
        wait_for(lambda: network.calls >= 2)
        device.kill()
        page = device.start()
        sign_in(page, address)
        wait_for(lambda: emptied(page))
    assert min(network.fates.values()) >= 1
    assert len(network.fates) == 3
    recount(shop)


def wait_for(happens: Any) -> None:
    ends = time.monotonic() + 60
    while not happens():
        assert time.monotonic() < ends
        time.sleep(0.1)


def emptied(page: Page) -> bool:
    """Give the till a sign, which sends what waits, and tell whether nothing does."""
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_timeout(300)
    return page.evaluate(LEFT) == 0


def recount(shop: Till) -> None:
    assert shop.broken() == []
    sums = run(shop.engine, lambda session: session.execute(text("select gross from receipt")).all(), writes=False)
    assert sorted(row.gross for row in sums) == [(1000 + n) * 100 for n in range(SALES)]
    deeds = [link.deed.action for link in run(shop.engine, lambda s: read_audit(s, limit=999), writes=False)]
    assert not [deed for deed in deeds if deed.startswith("queue.")]
