"""Real workers are killed in the middle of their jobs; nothing is lost and no effect in the database happens twice."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from portal import clock
from portal.db import Batch, transaction
from portal.outbox import operations
from portal.outbox.job import Document, Together
from portal.outbox.worker import Worker
from tests.outbox.worker_process import CHUNKS

ROOT = Path(__file__).resolve().parents[2]
JOBS = 30
KILLS = 4


def start_worker(engine: Engine, log: Path, minutes_ahead: int) -> subprocess.Popen[str]:
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.outbox.worker_process", url, str(minutes_ahead), str(log)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def wait_for_lines(log: Path, *, more: int) -> None:
    """Wait until a worker delivers: it notes a delivery while it is at it."""
    wanted, ends = log.read_text().count("\n") + more, time.monotonic() + 60
    while log.read_text().count("\n") < wanted:
        assert time.monotonic() < ends
        time.sleep(0.002)


def test_killed_workers_lose_no_job_and_repeat_no_effect(engine: Engine, tmp_path: Path):
    log = tmp_path / "delivered"
    log.touch()
    now = clock.now()
    with transaction(engine, writes=True) as session:
        batch = Batch()
        for n in range(JOBS):
            operations.enqueue(batch, "tell", arguments={"n": n}, now=now)
            operations.enqueue(batch, "deliver", arguments={"n": n}, now=now)
        batch.flush(session)

    for kill in range(KILLS):
        process = start_worker(engine, log, minutes_ahead=kill * 3)
        wait_for_lines(log, more=2 + kill)
        process.kill()
        process.communicate()
    last = start_worker(engine, log, minutes_ahead=KILLS * 3)
    last.communicate(timeout=60)
    assert last.returncode == 0

    with transaction(engine, writes=False) as session:
        states = Counter(session.execute(text("select state from job")).scalars())
        told = Counter(session.execute(text("select cast(payload as varchar) from event")).scalars())
        retried = session.execute(text("select count(*) from job where attempts > 1")).scalar_one()
    delivered = Counter(log.read_text().split())
    assert states == {"done": 2 * JOBS}
    assert len(told) == CHUNKS * JOBS
    assert set(told.values()) == {1}
    assert set(delivered) == {str(n) for n in range(JOBS)}
    assert retried, "no worker was killed in the middle: the test proved nothing"


def test_jobs_done_together_are_not_touched_by_a_death(engine: Engine, tmp_path: Path):
    now = clock.now()
    with transaction(engine, writes=True) as session:
        batch = Batch()
        for n in range(JOBS):
            operations.enqueue(batch, "gather", arguments={"n": n}, now=now)
        batch.flush(session)
    process = start_worker(engine, tmp_path / "log", minutes_ahead=0)
    assert process.stdout
    assert process.stdout.readline() == "gathered\n"
    process.kill()
    process.communicate()

    def tell(session: Session, jobs: Sequence[Document], now: datetime) -> None:
        batch = Batch()
        for job in jobs:
            operations.tell(batch, "test.told", member_id=None, at=now, payload={"job": job["n"]})
        batch.flush(session)

    kinds = {"gather": Together(tell)}
    assert Worker(engine=engine, owner="next", kinds=kinds, timetable=(), clock=clock.now).run_due() == JOBS
    with transaction(engine, writes=False) as session:
        states = Counter(session.execute(text("select state, attempts from job")).all())
        told = Counter(session.execute(text("select cast(payload as varchar) from event")).scalars())
    assert states == {("done", 1): JOBS}
    assert len(told) == JOBS
    assert set(told.values()) == {1}
