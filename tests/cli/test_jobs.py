"""The worker as a process: woken, stopped, ended with its parent; and the run of what is due."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text

from portal import clock
from portal.cli import main
from portal.config import ROOT
from portal.db import Batch, transaction
from portal.jobs import TIMETABLE
from portal.outbox import operations
from portal.outbox.message import Message
from portal.push.operations import SEND

CODE = Message("email", "ada@example.org", "sign_in_code", "en", {"code": "123456", "minutes": 10})


def environment(engine: Engine) -> dict[str, str]:
    url = engine.url.render_as_string(hide_password=False)
    return {**os.environ, "PORTAL_DATABASE_URL": url, "PORTAL_DEMO": "1", "PORTAL_SECRET_KEY": "s" * 48}


@contextmanager
def worker(engine: Engine, *options: str) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", "portal.cli", "jobs", *options]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(engine), stdin=subprocess.PIPE)
    try:
        wait_until(engine, "select 1 from job where name is not null and state = 'done'")
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_until(engine: Engine, sql: str) -> float:
    """Return the seconds until a query finds something."""
    started = clock.monotonic()
    while clock.monotonic() - started < 30:
        with transaction(engine, writes=False) as session:
            if session.execute(text(sql)).first():
                return clock.monotonic() - started
        time.sleep(0.02)
    pytest.fail(f"never came: {sql}")


def test_a_worker_sends_what_is_posted_and_ends_when_told(engine: Engine):
    with worker(engine) as process:
        with transaction(engine, writes=True) as session:
            now = clock.now()
            operations.post(session, CODE, now=now, pointless_at=now + timedelta(minutes=10))
        assert wait_until(engine, "select 1 from kept_message") < 5
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def test_a_worker_ends_with_the_process_that_started_it(sqlite: Engine):
    with worker(sqlite, "--until-stdin-closes") as process:
        assert process.stdin
        process.stdin.close()
        assert process.wait(timeout=10) == 0


def test_what_is_due_at_an_instant_is_run_once(sqlite: Engine, monkeypatch: pytest.MonkeyPatch):
    for name, value in environment(sqlite).items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(main, ["run-jobs", "--now", "2026-03-04T15:00:00+03:00"], catch_exceptions=False)
    assert result.output == f"{len(TIMETABLE)} jobs run\n"
    again = CliRunner().invoke(main, ["run-jobs", "--now", "2026-03-04T15:00:00+03:00"], catch_exceptions=False)
    assert again.output == "0 jobs run\n"
    with transaction(sqlite, writes=False) as session:
        names = session.execute(text("select name from job where kind = 'close_day'")).scalars().all()
    assert names == ["close_day@2026-03-04T12:00:00Z"]


def test_notes_to_phones_are_run_by_both_as_well(engine: Engine, monkeypatch: pytest.MonkeyPatch):
    """To a browser that is gone by now, so that nothing leaves the house."""
    for name, value in environment(engine).items():
        monkeypatch.setenv(name, value)

    def post() -> None:
        with transaction(engine, writes=True) as session:
            batch = Batch()
            operations.enqueue(batch, SEND, arguments={"browser": "gone", "note": {}}, now=clock.now())
            batch.flush(session)

    post()
    CliRunner().invoke(main, ["run-jobs"], catch_exceptions=False)
    with transaction(engine, writes=False) as session:
        assert session.execute(text("select state from job where kind = 'send_push'")).scalars().all() == ["cancelled"]
    with worker(engine) as process:
        post()
        wait_until(engine, "select 1 from job where kind = 'send_push' group by state having count(*) = 2")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("yesterday", "give it as 2026-03-04T12:00:00+03:00"),
        ("2026-03-04T12:00:00", "give its offset too, as 2026-03-04T12:00:00+03:00"),
        ("0001-01-01T00:00:00+03:00", "give a year from 1900 to 2999"),
        ("9999-12-31T23:00:00-03:00", "give a year from 1900 to 2999"),
    ],
)
def test_an_instant_has_its_offset_and_a_near_year(told: str, said: str):
    result = CliRunner().invoke(main, ["run-jobs", "--now", told])
    assert result.exit_code == 2
    assert said in result.output
