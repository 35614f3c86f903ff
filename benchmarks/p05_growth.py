"""P5: posting to a big ledger against a small one: `python benchmarks/p05_growth.py [entries]`, ten million by default.

The ratio is of times: 1.25 means a quarter slower. There are ten entries a member; an entry takes about 1 kB of disk.
"""

import sys

from ledgers import NOW, Crowd, accrual, fill
from measure import compare
from postgres import database, server
from sqlalchemy import Engine, text

from portal.db import make_engine, run
from portal.ledger.posting import accrue_plainly

SMALL = 10_000
PER_MEMBER = 10

_COPY = "lpad((member_id::bigint + :shift)::text, 26, '0')"
_OTHERS = {
    "book": "entries, head, due_at",
    "account": "wallet, available, pending, held, debt",
    "lot": """number, grant_number, wallet, original, remaining, earned_at, release_at, expires_at, last_valid_day,
        released, cause, budget, rule, held, expired, reversed""",
    "entry": """number, at, posted_at, kind, wallet, cause, budget, receipt_id, rule, rulebook, available, pending,
        held, debt, issued, redeemed, breakage, writeoff, lots, details, hash""",
}


def post(engine: Engine, member: str, source: str) -> None:
    run(engine, lambda session: accrue_plainly(session, accrual(member, source), now=NOW), writes=True)


def grow(engine: Engine, *, members: int, to: int) -> None:
    """Double the ledger until it has at least so many members. Copies keep the originals' hashes: nobody reads them."""
    while members < to:
        with engine.begin() as connection:
            for table, others in _OTHERS.items():
                name, source = (", source", ", source || '/' || :shift") if table == "entry" else ("", "")
                copied = (
                    f"insert into {table} (member_id{name}, {others}) select {_COPY}{source}, {others} from {table}"
                )
                connection.execute(text(copied), {"shift": members})
        members *= 2
        print(f"  {members:,} members", flush=True)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))


if __name__ == "__main__":
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    with server() as url:
        small, big = database(url, "small"), database(url, "big")
        for name, wanted in ((small, SMALL), (big, entries)):
            engine = make_engine(name)
            fill(engine, members=SMALL // PER_MEMBER, entries=PER_MEMBER)
            grow(engine, members=SMALL // PER_MEMBER, to=wanted // PER_MEMBER)
            engine.dispose()
        few, many = Crowd(small, SMALL // PER_MEMBER), Crowd(big, entries // PER_MEMBER)
        compare(f"P5 posting at {entries:,} entries, times slower", lambda: few.rate(post), lambda: many.rate(post))
