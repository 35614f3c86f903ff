"""Whoever only looks does not wait for a writer who waits for another process."""

import contextlib
import fcntl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from portal.web.gate import Gate
from tests.conftest import app_on
from tests.member.shop import open_shop
from tests.pages import SAME_ORIGIN


@pytest.fixture
def app(sqlite: Engine) -> Flask:
    open_shop(sqlite)
    return app_on(sqlite, shop_name="Foam", demo=True)


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> threading.Semaphore:
    """Count the requests that the gate let begin."""
    count, begin = threading.Semaphore(0), Gate._begin

    def told(gate: Gate) -> float:
        at = begin(gate)
        count.release()
        return at

    monkeypatch.setattr(Gate, "_begin", told)
    return count


@contextlib.contextmanager
def another_writing(engine: Engine) -> Iterator[None]:
    """Hold the turn to write as another process would."""
    with Path(f"{engine.url.database}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def test_a_page_opens_while_a_writer_waits(app: Flask, sqlite: Engine, begun: threading.Semaphore) -> None:
    answers: list[int] = []

    def join() -> None:
        form = {"contact": "ada@example.com"}
        answers.append(app.test_client().post("/join", data=form, headers=SAME_ORIGIN).status_code)

    writer = threading.Thread(target=join)
    with another_writing(sqlite):
        writer.start()
        assert begun.acquire(timeout=10)
        assert app.test_client().get("/").status_code == 200
        assert answers == []
    writer.join()
    assert answers == [303]
