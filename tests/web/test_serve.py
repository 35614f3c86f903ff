"""The one command that serves: real processes on a free port."""

import contextlib
import os
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

from portal.config import ROOT

PATIENCE = 60
WEB = 2
LIVED = 6
"""Seconds; sooner the server takes a killed web process for a loop of crashes and ends itself."""


class Served:
    """A running `portal serve` with its children."""

    def __init__(self, engine: Engine, log: Path) -> None:
        self.address = f"http://127.0.0.1:{_free_port()}"
        settings = {
            "PORTAL_PORT": self.address.rpartition(":")[2],
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
    served = Served(sqlite, tmp_path / "log")
    try:
        _wait_until(served.complete)
        yield served
    finally:
        for child in served.children:
            if child.is_running():
                child.kill()
        served.process.kill()
        served.process.wait()


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
