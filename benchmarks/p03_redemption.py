"""P3: of five purchases one is paid by points, against accruals only: `python benchmarks/p03_redemption.py`."""

from itertools import count

from ledgers import NOW, Crowd, accrual, fill
from measure import compare
from postgres import database, server
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.db import Batch, make_engine, run
from portal.ledger.operations import lock_books, store
from portal.ledger.queries import load

MEMBERS = 20_000
_serial = count()


def accrued(engine: Engine, member: str, source: str) -> None:
    run(engine, lambda session: _purchase(session, member, source, points=0), writes=True)


def mixed(engine: Engine, member: str, source: str) -> None:
    points = 0 if next(_serial) % 5 else 10
    run(engine, lambda session: _purchase(session, member, source, points=points), writes=True)


def _purchase(session: Session, member: str, source: str, *, points: int) -> None:
    """Do what the ledger does of a purchase: read the book, spend and earn in it, store it."""
    lock_books(session, [member])
    book, earned = load(session, member, now=NOW), accrual(member, source)
    if points and book.account("points").available >= points:
        book.redeem(points, at=NOW, source=f"{source}/points", origin=earned.origin)
    book.grant(earned.points, at=NOW, source=source, origin=earned.origin, dates=earned.dates, details=earned.details)
    batch = Batch()
    store(batch, book)
    batch.flush(session)


if __name__ == "__main__":
    with server() as url:
        ours = database(url, "ours")
        engine = make_engine(ours)
        fill(engine, members=MEMBERS)
        engine.dispose()
        crowd = Crowd(ours, MEMBERS)
        compare("P3 purchases with redemption", lambda: crowd.rate(mixed), lambda: crowd.rate(accrued))
