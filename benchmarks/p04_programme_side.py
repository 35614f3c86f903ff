"""P4: all postings on one programme account, against spread ones: `python benchmarks/p04_programme_side.py`.

The programme's accounts are columns of the entry, summed when they are asked for. The second figure is what one hot
row, which each posting adds to, would leave.
"""

from dataclasses import replace
from itertools import count

from ledgers import NOW, Crowd, accrual, fill
from measure import compare
from postgres import database, server
from sqlalchemy import Engine, text

from portal.db import make_engine, run
from portal.ledger.posting import accrue, accrue_alone

MEMBERS = 20_000
_serial = count()


def one_account(engine: Engine, member: str, source: str) -> None:
    accrue_alone(engine, accrual(member, source), now=NOW)


def spread_accounts(engine: Engine, member: str, source: str) -> None:
    told = accrual(member, source)
    spread = replace(told.origin, cause=f"cause{next(_serial) % 997}", budget=f"budget{next(_serial) % 997}")
    accrue_alone(engine, replace(told, origin=spread), now=NOW)


def in_a_story(engine: Engine, member: str, source: str) -> None:
    run(engine, lambda session: accrue(session, accrual(member, source), now=NOW), writes=True)


def hot_row(engine: Engine, member: str, source: str) -> None:
    def story(session) -> None:
        accrue(session, accrual(member, source), now=NOW)
        session.execute(text("update hot set issued = issued - 12"))

    run(engine, story, writes=True)


if __name__ == "__main__":
    with server() as url:
        ours = database(url, "ours")
        engine = make_engine(ours)
        fill(engine, members=MEMBERS)
        with engine.begin() as connection:
            connection.execute(text("create table hot (issued bigint)"))
            connection.execute(text("insert into hot values (0)"))
        engine.dispose()
        crowd = Crowd(ours, MEMBERS)
        compare("P4 programme's side", lambda: crowd.rate(one_account), lambda: crowd.rate(spread_accounts))
        compare("P4 with a hot row", lambda: crowd.rate(hot_row), lambda: crowd.rate(in_a_story))
