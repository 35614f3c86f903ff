"""`portal jobs`: the worker, until it is stopped. `portal run-jobs --now T`: what is due at an instant, once."""

import os
import secrets
import signal
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime

import click

from portal import clock
from portal.cli import frame
from portal.cli.instants import Instant
from portal.jobs import TIMETABLE, fan_out, kinds, kinds_of_worker
from portal.outbox.worker import Worker, run_until_stopped
from portal.push.fan_out import FanOut
from portal.web import logs


@click.command()
@click.option("--until-stdin-closes", is_flag=True, help="End with the process that started this one.")
def jobs(until_stdin_closes: bool) -> None:
    """Run jobs as they become due, until SIGINT or SIGTERM; the chunk at hand is finished first."""
    logs.set_up()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    if until_stdin_closes:
        threading.Thread(target=_wait_for_end, args=(stop,), daemon=True).start()
    sender = _sender(clock.now, stop.is_set)
    beside = threading.Thread(target=_send, args=(sender, stop), name="push") if sender else None
    if beside:
        beside.start()
    try:
        run_until_stopped(_worker(clock.now, stop.is_set))
    finally:
        stop.set()
        if beside and sender:
            beside.join()
            sender.close()


@click.command()
@click.option(
    "--now", "told", type=Instant(), help="The instant to run at, RFC 3339 with offset; this one when it is not given."
)
def run_jobs(told: datetime | None) -> None:
    """Run what is due at an instant once, in the order it became due."""
    now = told.astimezone(UTC) if told else clock.now()
    worker, done = _worker(lambda: now, lambda: False), 0
    sender = _sender(lambda: now, lambda: False)
    while taken := worker.run_due() + (sender.run_due() if sender else 0):
        done += taken
    if sender:
        sender.close()
    click.echo(f"{done} jobs run")


def _worker(now: Callable[[], datetime], stopped: Callable[[], bool]) -> Worker:
    settings = frame.settings()
    return Worker(
        engine=frame.migrated_engine(),
        owner=_owner(),
        kinds=kinds(settings),
        timetable=TIMETABLE,
        clock=now,
        stopped=stopped,
        mine=kinds_of_worker(settings),
    )


def _sender(now: Callable[[], datetime], stopped: Callable[[], bool]) -> FanOut | None:
    """Return what sends notes to phones, with connections of its own: it runs in a thread beside the worker."""
    return fan_out(frame.settings(), frame.migrated_engine(), owner=_owner(), clock=now, stopped=stopped)


def _send(sender: FanOut, stop: threading.Event) -> None:
    """Send notes until stopped; should that fail, the whole process ends, for `serve` to start it again."""
    try:
        run_until_stopped(sender)
    finally:
        stop.set()


def _owner() -> str:
    return f"{os.getpid()}-{secrets.token_hex(4)}"


def _wait_for_end(stop: threading.Event) -> None:
    os.read(sys.stdin.fileno(), 1)  # past the buffer: who holds its lock at the end of Python brings it down
    stop.set()
