"""P6, P6b: SQLite with `synchronous=FULL`, against TPC-B-like in the same driver: `python benchmarks/p06_sqlite.py`."""

import random
import sqlite3
import tempfile
from pathlib import Path

from ledgers import NOW, Crowd, accrual, fill
from measure import compare, machine, rate
from sqlalchemy import Engine

from portal.db import make_engine, run
from portal.ledger.posting import accrue, accrue_alone

MEMBERS = 5_000
TRANSACTIONS = 2_000
SCALE = 50


def post(engine: Engine, member: str, source: str) -> None:
    accrue_alone(engine, accrual(member, source), now=NOW)


def post_in_a_story(engine: Engine, member: str, source: str) -> None:
    run(engine, lambda session: accrue(session, accrual(member, source), now=NOW), writes=True)


def tpcb(path: Path) -> sqlite3.Connection:
    """Return a database with the tables of the TPC-B-like transaction."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript("""
        pragma journal_mode = wal; pragma synchronous = full;
        create table branches (bid integer primary key, balance integer);
        create table tellers (tid integer primary key, bid integer, balance integer);
        create table accounts (aid integer primary key, bid integer, balance integer, filler text);
        create table history (tid integer, bid integer, aid integer, delta integer, at text);
    """)
    connection.execute("begin")
    connection.executemany("insert into branches values (?, 0)", ((n,) for n in range(SCALE)))
    connection.executemany("insert into tellers values (?, ?, 0)", ((n, n // 10) for n in range(SCALE * 10)))
    rows = ((n, n // 10_000, " " * 84) for n in range(SCALE * 10_000))
    connection.executemany("insert into accounts values (?, ?, 0, ?)", rows)
    connection.execute("commit")
    return connection


def tpcb_transaction(connection: sqlite3.Connection) -> None:
    account, teller, delta = random.randrange(SCALE * 10_000), random.randrange(SCALE * 10), random.randint(-5000, 5000)
    connection.execute("begin immediate")
    connection.execute("update accounts set balance = balance + ? where aid = ?", (delta, account))
    connection.execute("select balance from accounts where aid = ?", (account,)).fetchone()
    connection.execute("update tellers set balance = balance + ? where tid = ?", (delta, teller))
    connection.execute("update branches set balance = balance + ? where bid = ?", (delta, teller // 10))
    connection.execute("insert into history values (?, ?, ?, ?, datetime())", (teller, teller // 10, account, delta))
    connection.execute("commit")


def tpcb_transactions(connection: sqlite3.Connection) -> int:
    for _ in range(TRANSACTIONS):
        tpcb_transaction(connection)
    return TRANSACTIONS


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/portal.db"
        engine = make_engine(url)
        fill(engine, members=MEMBERS)
        engine.dispose()
        connection = tpcb(Path(folder) / "tpcb.db")
        for title, posting in (("alone", post), ("in a story's transaction", post_in_a_story)):
            compare(
                f"P6 posting on SQLite, {title}",
                lambda posting=posting: Crowd(url, MEMBERS, processes=1).rate(posting),
                lambda: rate(lambda: tpcb_transactions(connection)),
            )
        waits = [Crowd(url, MEMBERS, processes=4).longest_wait(post) for _ in range(3)]
        print("P6b longest wait of 4 writers, in seconds:", *(f"{wait:.2f}" for wait in waits), machine())
