"""`portal serve`: the web processes and the job worker, as siblings of one command that stops both."""

import importlib
import logging
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from portal.cli import frame
from portal.cli.heap import share_one_heap
from portal.cli.processors import Seats
from portal.config import ROOT, VAR, share_metrics
from portal.web import gate, logs, static

APP = "app"
CONNECTIONS = 1024  # of a process: an idle one counts too, so that fewer would let a few of them keep everybody out
SPARE_THREADS = 2  # for health and metrics, which need no place in the gate, and to turn others away at once
BREATH_SECONDS = 2.0
KILL_SECONDS = 10
LOG = logging.getLogger("portal.serve")


class LifeLine:
    """A pipe of which only this process holds the far end: it breaks when we end, however we end.

    Web processes are forked from us and follow; the job worker gets `end` as its standard input.
    """

    def __init__(self) -> None:
        self.end, self._held = os.pipe()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._follow)

    def _follow(self) -> None:
        os.close(self._held)
        threading.Thread(target=self._end_with_the_parent, name="life line", daemon=True).start()

    def _end_with_the_parent(self) -> None:
        os.read(self.end, 1)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(KILL_SECONDS)  # a process that was still starting does not know the signal yet
        os._exit(1)


class Sibling:
    """A process that is kept running beside the web processes until `stop`."""

    def __init__(self, command: Sequence[str], *, stdin: int) -> None:
        self._command = command
        self._stdin = stdin
        self._stopping = threading.Event()
        self._process = self._start()
        self._keeper = threading.Thread(target=self._keep, name="sibling", daemon=True)
        self._keeper.start()

    def stop(self) -> None:
        self._stopping.set()
        self._process.terminate()
        self._keeper.join()

    def _start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(self._command, cwd=ROOT, stdin=self._stdin)  # noqa: S603 - our own command

    def _keep(self) -> None:
        while True:
            self._process.wait()
            if self._stopping.wait(BREATH_SECONDS):
                return
            self._process = self._start()


@click.command()
def serve() -> None:
    """Serve the portal: web processes and the job worker, until SIGINT or SIGTERM."""
    share_one_heap()
    settings = frame.settings()
    frame.migrated_engine().dispose()
    _need_a_free_port(settings.host, settings.port)
    static.build()
    share_metrics(VAR / "metrics" / f"{settings.host}-{settings.port}".replace(":", "."))  # nobody else listens there
    logs.set_up()
    if multiprocessing.get_start_method() == "fork":
        importlib.import_module(APP)  # once for all: web processes start at once and share its memory
    server = Granian(
        f"{APP}:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=gate.PLACES + SPARE_THREADS,
        backpressure=CONNECTIONS,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_SECONDS,
        working_dir=ROOT,
        log_level=LogLevels.error,  # it warns about a thread for each place of the gate, which is meant
        log_dictconfig=logs.CONFIG,
    )
    jobs = Sibling([sys.executable, "-m", "portal.cli", "jobs", "--until-stdin-closes"], stdin=LifeLine().end)
    LOG.info("serving", extra={"address": settings.origin, "workers": settings.workers})
    with tempfile.TemporaryDirectory(prefix="portal-seats-") as folder:
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=Seats(Path(folder), count=settings.workers).take_one)
        try:
            server.serve()
        finally:
            jobs.stop()
            LOG.info("stopped")


def _need_a_free_port(host: str, port: int) -> None:
    """End the command when somebody listens there already.

    Web processes share their port; a portal that was forgotten would share it too, and answer every other request.
    """
    try:
        (family, kind, _, _, address), *_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        with socket.socket(family, kind) as alone:
            alone.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections of an earlier one may linger
            alone.bind(address)
    except OSError as trouble:
        said = f"cannot listen on {host}:{port}: {trouble.strerror}; stop who does, or set PORTAL_HOST and PORTAL_PORT"
        raise click.ClickException(said) from None
