"""Ledgers to measure on: members with books, filled quickly, and processes that post to them."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from typing import Any

from sqlalchemy import Engine

from portal import schema
from portal.db import Batch, make_engine, transaction
from portal.ledger.book import Book
from portal.ledger.entries import Origin
from portal.ledger.operations import store
from portal.ledger.posting import Accrual
from portal.rulebook.validity import LotDates

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RULEBOOK = "shop@17#" + "9f3c" * 16
DETAILS = {"title": "Base 5 %", "base": {"2": 22200, "3": 2800}, "rate_bp": 500, "exact": "25/2", "rounding": "down"}
CHUNK = 500

Posting = Callable[[Engine, str, str], object]
"""Post to a member under a source, in a transaction of its own."""


def member(number: int) -> str:
    return f"{number:026d}"


def dates(days: int) -> LotDates:
    return LotDates(NOW, (NOW + timedelta(days=days)).date(), NOW + timedelta(days=days))


def accrual(who: str, source: str) -> Accrual:
    """Return the accrual of one rule of a receipt, as a purchase makes it."""
    origin = Origin("purchase", receipt=source[-26:], rule="base5", rulebook=RULEBOOK)
    return Accrual(member=who, points=12, at=NOW, source=source, origin=origin, dates=dates(180), details=DETAILS)


def fill(engine: Engine, *, members: int, entries: int = 1) -> None:
    """Give each member a book of so many accruals."""
    schema.metadata.create_all(engine)
    for first in range(0, members, CHUNK):
        batch = Batch()
        with transaction(engine, writes=True) as session:
            for number in range(first, min(first + CHUNK, members)):
                store(batch, _book(member(number), entries))
            batch.flush(session)


def _book(who: str, entries: int) -> Book:
    book = Book(who)
    for number in range(entries):
        told = accrual(who, f"fill/{who}/{number}")
        book.grant(
            100, at=NOW, source=told.source, origin=told.origin, dates=dates(90 + number % 90), details=told.details
        )
    return book


@dataclass(frozen=True, slots=True)
class Crowd:
    """So many processes that each post to random members, one transaction after another."""

    url: str
    members: int
    processes: int = 8
    seconds: float = 5

    def rate(self, posting: Posting) -> float:
        """Return postings per second of all processes together."""
        return sum(rate for rate, _ in self._run(posting))

    def longest_wait(self, posting: Posting) -> float:
        """Return the seconds that the slowest posting took."""
        return max(wait for _, wait in self._run(posting))

    def _run(self, posting: Posting) -> list[tuple[float, float]]:
        context = get_context("fork")
        start, done = context.Barrier(self.processes), context.Queue()
        workers = [
            context.Process(target=self._work, args=(posting, seed, start, done)) for seed in range(self.processes)
        ]
        for worker in workers:
            worker.start()
        told = [done.get(timeout=self.seconds + 120) for _ in workers]
        for worker in workers:
            worker.join()
        if troubles := [each for each in told if isinstance(each, str)]:
            raise RuntimeError(troubles[0])
        return told

    def _work(self, posting: Posting, seed: int, start: Any, done: Any) -> None:
        try:
            done.put(self._measure(posting, seed, start))
        except Exception as trouble:  # noqa: BLE001 - the parent raises it
            done.put(f"{type(trouble).__name__}: {trouble}")

    def _measure(self, posting: Posting, seed: int, start: Any) -> tuple[float, float]:
        engine = make_engine(self.url)
        chance, prefix = random.Random(f"{seed} {time.time_ns()}"), f"{time.time_ns()}/{seed}"
        for warm in range(10):
            self._post(engine, posting, chance, f"{prefix}/warm/{warm:026d}")
        start.wait(timeout=120)
        begun = now = time.perf_counter()
        waits: list[float] = []
        while now - begun < self.seconds:
            self._post(engine, posting, chance, f"{prefix}/{len(waits):026d}")
            waits.append(-now + (now := time.perf_counter()))
        engine.dispose()
        return len(waits) / (now - begun), max(waits)

    def _post(self, engine: Engine, posting: Posting, chance: random.Random, source: str) -> None:
        who = member(chance.randrange(self.members))
        posting(engine, who, source)
