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

_COPY = "lpad((member_id::bigint + shift)::text, 26, '0')"
_INDICES = """
    select format('alter table %I drop constraint %I', c.relname, k.conname),
        format('alter table %I add constraint %I %s', c.relname, k.conname, pg_get_constraintdef(k.oid))
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where c.relname = any(:tables) and k.contype in ('p', 'u')
    union all
    select format('drop index %I', i.relname), pg_get_indexdef(i.oid)
    from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
    where c.relname = any(:tables) and not exists (select 1 from pg_constraint k where k.conindid = i.oid)
"""
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
    """Copy the ledger until it has so many members, without its indices, which are made afterwards.

    Copies keep the originals' hashes: nobody reads them.
    """
    copies = f"generate_series({members}, {to - members}, {members}) as shift"
    with engine.begin() as connection:
        made = connection.execute(text(_INDICES), {"tables": list(_OTHERS)}).all()
        for drop, _ in made:
            connection.execute(text(drop))
        for table, others in _OTHERS.items():
            name, source = (", source", ", source || '/' || shift") if table == "entry" else ("", "")
            copied = f"insert into {table} (member_id{name}, {others}) select {_COPY}{source}, {others} from {table}"
            connection.execute(text(f"{copied}, {copies}"))
            print(f"  {table}: {to:,} members", flush=True)
        for _, create in made:
            connection.execute(text(create))
    with engine.connect().execution_options(writes=False) as connection:
        connection.execute(text("vacuum analyze"))
        connection.execute(text("checkpoint"))


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
