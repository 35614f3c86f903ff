"""P13: a day's expiring lots posted in chunks, against one member at a time: `python benchmarks/p13_expiry.py`.

Both are `close_day` on an embedded PostgreSQL, each on a database of its own of the same members; a chunk is read in
one statement, decided in memory and written in one.
"""

import time
from datetime import timedelta

from ledgers import NOW, fill
from postgres import database, server
from sqlalchemy import Engine

from portal.db import make_engine, run
from portal.programme.close_day import close_day

MEMBERS = 3_000
CHUNK = 500
DUE = NOW + timedelta(days=91)


def posted_per_second(engine: Engine, *, limit: int, most: float = 25) -> float:
    """Close the day in chunks of so many members, for at most so many seconds; return entries per second."""
    started, posted = time.perf_counter(), 0
    while done := run(engine, lambda session: close_day(session, now=DUE, limit=limit), writes=True):
        posted += done
        if time.perf_counter() - started > most:
            break
    return posted / (time.perf_counter() - started)


if __name__ == "__main__":
    with server() as url:
        rates: list[float] = []
        for number, limit in enumerate((CHUNK, 1)):
            engine = make_engine(database(url, f"p13_{number}"))
            fill(engine, members=MEMBERS)
            rates.append(posted_per_second(engine, limit=limit))
            engine.dispose()
        chunks, single = rates
        figures = f"{chunks:,.0f}/s against {single:,.0f}/s"
        print(f"P13 expiry, {MEMBERS:,} lots: {chunks / single:.1f} times as fast; {figures}")
