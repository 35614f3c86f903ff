"""The one command that serves: real processes on a free port."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests
from sqlalchemy import Engine

from portal.config import ROOT, VAR

PATIENCE = 60
WEB = 2
LIVED = 6
"""Seconds; sooner the server takes a killed web process for a loop of crashes and ends itself."""


class Served:
    """A running `portal serve` with its children."""

    def __init__(self, engine: Engine, log: Path) -> None:
        port = str(_free_port())
        self.address = f"http://127.0.0.1:{port}"
        self.figures = VAR / "metrics" / f"127.0.0.1-{port}"
        settings = {
            "PORTAL_PORT": port,
            "PORTAL_DATABASE_URL": str(engine.url),
            "PORTAL_WORKERS": str(WEB),
        }
        command = [sys.executable, "-m", "portal.cli", "serve"]
        with log.open("wb") as lines:
            self.process = subprocess.Popen(command, cwd=ROOT, env=os.environ | settings, stderr=lines)
        self.children: list[psutil.Process] = []

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.address}/healthz", timeout=5).ok
        except (requests.ConnectionError, requests.Timeout):
            return False

    def complete(self) -> bool:
        """Tell whether all have started: on a busy machine one answers before the others are there."""
        if not self.answers():
            return False
        self.children = psutil.Process(self.process.pid).children(recursive=True)
        return len(self.children) == WEB + 1

    def processors(self) -> list[set[int]]:
        """Return where each web process may run."""
        web = [child for child in psutil.Process(self.process.pid).children() if "jobs" not in child.cmdline()]
        return [set(each.cpu_affinity()) for each in web]

    def job_worker(self) -> psutil.Process:
        return next(child for child in self.children if "jobs" in child.cmdline())


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _wait_until(happened) -> None:
    for _ in range(PATIENCE * 20):
        if happened():
            return
        time.sleep(0.05)
    raise TimeoutError


@pytest.fixture
def served(sqlite: Engine, tmp_path: Path) -> Iterator[Served]:
    with serving(sqlite, tmp_path / "log") as served:
        yield served


@contextlib.contextmanager
def serving(engine: Engine, log: Path) -> Iterator[Served]:
    served = Served(engine, log)
    try:
        _wait_until(served.complete)
        yield served
    finally:
        served.process.kill()  # first: it would replace the others
        served.process.wait()
        for child in served.children:
            if child.is_running():
                child.kill()
        psutil.wait_procs(served.children, PATIENCE)
        shutil.rmtree(served.figures, ignore_errors=True)


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_one_signal_stops_web_and_jobs_together(served: Served, told: signal.Signals):
    assert any("jobs" in child.cmdline() for child in served.children)
    served.process.send_signal(told)
    assert served.process.wait(PATIENCE) == 0
    _, alive = psutil.wait_procs(served.children, PATIENCE)
    assert alive == []


def test_idle_connections_keep_nobody_out(served: Served):
    host, port = served.address.removeprefix("http://").split(":")
    with contextlib.ExitStack() as kept:
        for _ in range(80):
            idle = kept.enter_context(socket.create_connection((host, int(port)), timeout=5))
            idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n")
            assert idle.recv(1000).startswith(b"HTTP/1.1 200")
        assert served.answers()


def test_killed_processes_come_back(served: Served):
    worker = served.job_worker()
    web = next(child for child in served.children if child != worker)
    time.sleep(max(0, web.create_time() + LIVED - time.time()))
    worker.kill()
    web.kill()
    main = psutil.Process(served.process.pid)
    _wait_until(lambda: not {worker, web} & {*main.children()} and len(main.children()) == len(served.children))
    _wait_until(served.answers)


@pytest.mark.skipif(len(psutil.Process().cpu_affinity()) < WEB, reason="too few processors")
def test_each_web_process_keeps_to_a_processor_of_its_own(served: Served):
    def apart() -> bool:
        kept = served.processors()
        return [len(each) for each in kept] == [1] * WEB and len(set.union(*kept)) == WEB

    assert apart()
    assert len(served.job_worker().cpu_affinity()) > 1
    web = next(child for child in served.children if child != served.job_worker())
    time.sleep(max(0, web.create_time() + LIVED - time.time()))
    web.kill()
    _wait_until(lambda: web not in psutil.Process(served.process.pid).children())
    _wait_until(apart)


def test_nobody_stays_behind_when_the_server_is_killed(served: Served):
    served.process.kill()
    _, alive = psutil.wait_procs(served.children, PATIENCE)
    assert alive == []


def counted(served: Served) -> float:
    """Return how many times somebody asked for health, as the figures say it."""
    lines = requests.get(f"{served.address}/metrics", timeout=5).text.splitlines()
    return sum(
        float(line.split()[-1]) for line in lines if line.startswith("portal_requests_total{") and "/healthz" in line
    )


def test_another_server_of_the_same_folder_leaves_the_figures_alone(served: Served, sqlite: Engine, tmp_path: Path):
    _wait_until(served.answers)
    before = counted(served)
    assert before >= 1
    with serving(sqlite, tmp_path / "log of the other") as other:
        assert counted(served) == before
        assert served.answers()
        assert counted(served) == before + 1
        requests.get(f"{other.address}/healthz", timeout=5)
        assert counted(served) == before + 1


def test_a_database_of_another_version_is_refused(tmp_path: Path):
    settings = {"PORTAL_DATABASE_URL": f"sqlite:///{tmp_path / 'empty.db'}"}
    command = [sys.executable, "-m", "portal.cli", "serve"]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "run 'portal migrate'" in done.stderr


def test_a_port_that_somebody_has_is_not_shared(sqlite: Engine):
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        settings = {"PORTAL_DATABASE_URL": str(sqlite.url), "PORTAL_PORT": port}
        command = [sys.executable, "-m", "portal.cli", "serve"]
        done = subprocess.run(command, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
