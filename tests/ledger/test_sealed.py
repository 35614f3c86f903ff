"""Books of which only the sums of lots are read, for stories that tell of them and touch none."""

import pytest
from sqlalchemy import BigInteger, Engine, bindparam, select, text, update
from sqlalchemy.orm import Session

from portal.db import Batch, Id, epoch, locks_reads, run, transaction
from portal.ledger.book import Book
from portal.ledger.operations import store
from portal.ledger.queries import Reach, book_column, load, read_book
from portal.ledger.sheet import LotsSealed
from portal.ledger.tables import BookRow
from tests.ledger.stories import BOUGHT, SPENT, Command, at, grant, hold, lives, redeem, tell

_REACH = Reach(bindparam("spends", type_=BigInteger), until=bindparam("until", type_=BigInteger))
_BOOK = select(book_column(bindparam("member_id", type_=Id), reach=_REACH))


def read(session: Session, *, day: float = 0, spends: bool = False) -> Book:
    asked = {"member_id": "ada", "spends": int(spends), "until": epoch(at(day))}
    return read_book(session.scalar(_BOOK, asked), member="ada", now=at(day))


def lots_read(engine: Engine, **how) -> list[int]:
    with transaction(engine, writes=False) as session:
        return sorted(read(session, **how).pages.lots)


@pytest.fixture
def told(engine: Engine) -> Engine:
    """Four lots of Ada: two run out together, one is pending, one runs out far away."""
    tell(engine, grant(10, source="a"), grant(20, source="b"), grant(30, source="c", pending=5), grant(40, days=9000))
    return engine


def test_who_only_earns_reads_sums(told: Engine) -> None:
    with transaction(told, writes=False) as session:
        book, whole = read(session), load(session, "ada", now=at(0))
        assert not book.pages.lots
        assert sorted(each.left for each in book.pages.sealed) == [30, 30, 40]
        assert (book.balance(at(0)), book.next_due()) == (whole.balance(at(0)), whole.next_due())


def test_who_spends_reads_lots(told: Engine) -> None:
    assert lots_read(told, spends=True) == [1, 2, 3, 4]


def test_what_is_due_reads_lots(told: Engine) -> None:
    assert lots_read(told, day=4.9) == []
    assert lots_read(told, day=5) == [1, 2, 3, 4]


def test_units_of_a_gift_wallet_are_read_as_lots(told: Engine) -> None:
    tell(told, lambda book: book.grant(1, at=at(0), source="e", origin=BOUGHT, dates=lives(30), wallet="coffee"))
    assert lots_read(told) == [1, 2, 3, 4, 5]
    tell(told, lambda book: book.redeem(1, at=at(0), source="cup", origin=SPENT, wallet="coffee"))
    assert lots_read(told) == []


def test_points_set_aside_are_none_of_the_sums(told: Engine) -> None:
    tell(told, hold(25, ends=2))
    with transaction(told, writes=False) as session:
        assert sum(each.left for each in read(session).pages.sealed) == 75


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_closed_lots_are_not_walked_through(told: Engine) -> None:
    asked = _BOOK.params(member_id="ada", spends=0, until=epoch(at(0)))
    words = asked.compile(dialect=told.dialect, compile_kwargs={"literal_binds": True})
    with transaction(told, writes=False) as session:
        plan = [step for *_, step in session.execute(text(f"explain query plan {words}"))]
    assert any("ix_lot_open" in step for step in plan)
    assert [step for step in plan if step.startswith("SEARCH lot ") and "ix_lot_open" not in step] == []


@pytest.mark.parametrize(
    "command",
    [redeem(1), hold(1), lambda book: book.advance(at(6)), lambda book: book.forfeit(at=at(0), source="gone")],
    ids=["spend", "hold", "time", "forfeit"],
)
def test_sealed_lots_are_not_touched(told: Engine, command: Command) -> None:
    with transaction(told, writes=False) as session:
        book = read(session)
    with pytest.raises(LotsSealed):
        command(book)


def test_whatever_reaches_for_sealed_lots_is_run_again_with_all(told: Engine) -> None:
    """A book that knows of nothing due, though there is something, costs a second try and nothing else."""
    with transaction(told, writes=True) as session:
        session.execute(update(BookRow).values(due_at=None))

    def earn(session: Session) -> Book:
        book = read(session, day=40, spends=locks_reads(session))
        grant(1, source="late", day=40)(book)
        batch = Batch()
        store(batch, book)
        batch.flush(session)
        return book

    assert [entry.kind for entry in run(told, earn, writes=True).entries] == ["release", *["expiry"] * 3, "accrual"]
