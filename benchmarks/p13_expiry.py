"""P13: a day's expiring lots posted in chunks, against one member at a time.

`python benchmarks/p13_expiry.py [postgresql|sqlite]`. Both are `close_day` on one database of 20,000 lots that run out
on one day, in turn, each look for who is due included; a chunk is read in one statement, decided in memory and written
in one. Chunks of 500 are those of a machine at rest, chunks of 25 those of `portal jobs`, for which a till of SQLite
waits. It is processor time that counts, PostgreSQL's with ours.
"""

import statistics
import sys
import time
from datetime import timedelta
from functools import partial

from ledgers import NOW, fill
from measure import machine
from postgres import one_of, processor_seconds
from sqlalchemy import Engine

from portal.db import make_engine, run
from portal.jobs import CLOSED_AT_ONCE
from portal.programme.close_day import CHUNK, close_day

SHARES = {CHUNK: 3000, CLOSED_AT_ONCE: 600, 1: 400}
"""How many lots each way posts in a round."""

ROUNDS = 5
DUE = NOW + timedelta(days=91)


def cost(engine: Engine, *, limit: int, lots: int) -> float:
    """Close the day for so many members in chunks of `limit`; return milliseconds for each lot."""
    ours, theirs, posted = time.process_time(), processor_seconds(engine), 0
    while posted < lots:
        done = run(engine, partial(close_day, now=DUE, limit=min(limit, lots - posted)), writes=True)
        if not done:
            raise RuntimeError("nothing is due any more")
        posted += done
    return (time.process_time() - ours + processor_seconds(engine) - theirs) * 1e3 / lots


if __name__ == "__main__":
    kind = sys.argv[1] if len(sys.argv) > 1 else "postgresql"
    lots = ROUNDS * sum(SHARES.values())
    with one_of(kind) as url:
        engine = make_engine(url)
        fill(engine, members=lots)
        rounds = [{limit: cost(engine, limit=limit, lots=n) for limit, n in SHARES.items()} for _ in range(ROUNDS)]
        engine.dispose()
    for limit in (CHUNK, CLOSED_AT_ONCE):
        ratios = [each[1] / each[limit] for each in rounds]
        figures = f"{statistics.median(ratios):.1f} times as cheap ({min(ratios):.1f}–{max(ratios):.1f})"
        spent = [statistics.median(each[n] for each in rounds) for n in (limit, 1)]
        print(
            f"P13 expiry on {kind}, {lots:,} lots, {limit} at once: {figures}; {spent[0]:.3f} ms a lot against"
            f" {spent[1]:.2f} ms, {ROUNDS} rounds; {machine()}",
            flush=True,
        )
