"""P1: posting an accrual, 8 clients, PostgreSQL, against pgbench's TPC-B-like: `python benchmarks/p01_posting.py`."""

from ledgers import NOW, Crowd, accrual, fill
from measure import compare
from postgres import database, pgbench_rate, prepare_pgbench, server
from sqlalchemy import Engine

from portal.db import make_engine, run
from portal.ledger.posting import accrue, accrue_alone, accrue_plainly

MEMBERS = 20_000


def alone(engine: Engine, member: str, source: str) -> None:
    accrue_alone(engine, accrual(member, source), now=NOW)


def in_a_story(engine: Engine, member: str, source: str) -> None:
    run(engine, lambda session: accrue(session, accrual(member, source), now=NOW), writes=True)


def read_and_written(engine: Engine, member: str, source: str) -> None:
    run(engine, lambda session: accrue_plainly(session, accrual(member, source), now=NOW), writes=True)


if __name__ == "__main__":
    with server() as url:
        limit, ours = database(url, "limit"), database(url, "ours")
        prepare_pgbench(limit)
        engine = make_engine(ours)
        fill(engine, members=MEMBERS)
        engine.dispose()
        crowd = Crowd(ours, MEMBERS)
        for way in (alone, in_a_story, read_and_written):
            title = f"P1 posting, {way.__name__.replace('_', ' ')}"
            compare(title, lambda way=way: crowd.rate(way), lambda: pgbench_rate(limit))
