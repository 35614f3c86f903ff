"""What the worker costs for each recorded purchase: `python benchmarks/worker.py [postgresql|sqlite [AT_ONCE]]`.

A hundred purchases' notices (or `AT_ONCE`: few come together where few buy) are enqueued as stories do and worked off
as `portal jobs` does, again and again. It is processor time that counts, that of PostgreSQL's processes beside it.
"""

import statistics
import sys
import time
from collections.abc import Iterator
from itertools import count

from measure import machine
from postgres import one_of, processor_seconds
from shop import SECRET, Shop, open_shop

from portal import clock
from portal.config import Settings
from portal.db import Batch, run
from portal.jobs import TIMETABLE, kinds
from portal.outbox.worker import Worker
from portal.programme.notices import Notice, announce

PURCHASES = 1000
ROUNDS = 5


def buy(shop: Shop, numbers: Iterator[int], *, at_once: int) -> None:
    """Enqueue what so many purchases have for their buyers to know."""
    batch, now = Batch(), clock.now()
    for number in (next(numbers) for _ in range(at_once)):
        facts = {"points": 120, "from_day": None, "entry": number}
        notice = Notice(kind="purchase", cause=f"receipt {number}", facts=facts, at=now)
        announce(batch, shop.members[number % len(shop.members)], [notice], now=now)
    run(shop.engine, batch.flush, writes=True)


def work_off(worker: Worker, shop: Shop, numbers: Iterator[int], *, at_once: int) -> tuple[float, float]:
    """Return the worker's milliseconds for each purchase, and PostgreSQL's."""
    ours = theirs = 0.0
    for _ in range(PURCHASES // at_once):
        buy(shop, numbers, at_once=at_once)
        started, before = time.process_time(), processor_seconds(shop.engine)
        while worker.run_due():
            pass
        ours += time.process_time() - started
        theirs += processor_seconds(shop.engine) - before
    return ours * 1e3 / PURCHASES, theirs * 1e3 / PURCHASES


if __name__ == "__main__":
    kind = sys.argv[1] if len(sys.argv) > 1 else "postgresql"
    at_once = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    with one_of(kind) as url:
        shop = open_shop(url, members=200)
        worker = Worker(
            engine=shop.engine, owner="bench", kinds=kinds(Settings(secret_key=SECRET)), timetable=TIMETABLE,
            clock=clock.now,
        )  # fmt: skip
        numbers = count()
        work_off(worker, shop, numbers, at_once=at_once)
        rounds = [work_off(worker, shop, numbers, at_once=at_once) for _ in range(ROUNDS)]
        ours, theirs = (statistics.median(each) for each in zip(*rounds, strict=True))
        shares = f"{ours:.3f} ms of the worker and {theirs:.3f} ms of PostgreSQL"
        print(f"worker on {kind}, {at_once} at once: {shares} for each purchase, {ROUNDS} rounds; {machine()}")
