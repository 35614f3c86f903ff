"""The same random histories told to both databases: what is stored is what the pure book says, to the last hash."""

import copy
from itertools import count

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import BigInteger, Engine, bindparam, literal, select

from portal.db import Batch, Id, epoch, transaction
from portal.ledger.book import Book
from portal.ledger.checks import check_ledger
from portal.ledger.entries import Origin
from portal.ledger.operations import store
from portal.ledger.postings import MEMBER
from portal.ledger.queries import (
    Reach,
    balance_at,
    book_column,
    briefs_column,
    glance_column,
    load,
    read_book,
    read_briefs,
    read_glance,
)
from portal.ledger.sheet import LotsSealed, Pages
from tests.ledger.machine import HOUR, BookMachine, Command, dates

_serial = count()
_BOUGHT = Origin("purchase", rule="base5", rulebook="shop@1")
_MEMBER_ID = bindparam("member_id", type_=Id)
_EARNS = Reach(literal(0), until=bindparam("until", type_=BigInteger))
_GLANCE = select(glance_column(_MEMBER_ID), briefs_column(_MEMBER_ID, limit=3), book_column(_MEMBER_ID, reach=_EARNS))


class DatabaseMachine(BookMachine):
    """Tell every command to a book in memory and to one in the database, in a transaction of its own."""

    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        self.book = Book(f"ada{next(_serial)}")

    def tell(self, command: Command, *, needs: tuple[str, ...] = (), of_hold: str | None = None) -> bool:
        before = _snapshot(self.book)
        accepted = super().tell(command, needs=needs, of_hold=of_hold)
        if not accepted:
            self.book = before  # as the database does
            return False
        with transaction(self.engine, writes=True) as session:
            book = load(session, self.book.member, now=self.now, sources=needs, hold=of_hold)
            command(book)
            batch = Batch()
            store(batch, book)
            batch.flush(session)
        self._compare()
        return True

    def teardown(self) -> None:
        """Ask for the balance of many instants: each is the sum of what counts by then (I18)."""
        if not self.book.count:
            return
        self.book.advance(self.now)
        with transaction(self.engine, writes=False) as session:
            for hours in range(-40, 1, 3):
                when = self.now + hours * HOUR
                had = balance_at(session, self.book.member, when)
                entries = [entry for entry in self.book.entries if entry.at <= when and entry.wallet == "points"]
                sums = [sum(getattr(entry.postings, name) for entry in entries) for name in MEMBER]
                assert [had.available, had.pending, had.held, had.debt] == sums, when

    def _compare(self) -> None:
        with transaction(self.engine, writes=False) as session:
            stored = load(session, self.book.member, now=self.now)
            asked = {"member_id": self.book.member, "until": epoch(self.now)}
            glance, newest, sealed = session.execute(_GLANCE, asked).one()
        assert (stored.count, stored.head) == (self.book.count, self.book.head)
        assert stored.pages == _open(self.book.pages)
        assert read_briefs(newest) == [entry.brief() for entry in reversed(self.book.entries[-3:])]
        if (wallets := read_glance(glance, now=self.now)) is not None:
            assert wallets == {name: stored.balance(self.now, wallet=name).glance() for name in stored.pages.accounts}
        self._earn(stored, read_book(sealed, member=self.book.member, now=self.now))

    def _earn(self, whole: Book, sealed: Book) -> None:
        """Tell a grant to a book read whole and to one of which lots are sealed: they must come to the same."""
        told = []
        for book in (whole, sealed):
            try:
                book.grant(7, at=self.now, source="earned", origin=_BOUGHT, dates=dates(self.now, release=0, life=5))
            except LotsSealed:  # the next try would read it whole
                assert whole.account("points").pending
                assert whole.entries[-1].kind == "settlement"
                return
            balances = {name: book.balance(self.now, wallet=name) for name in book.pages.accounts}
            told.append((book.head, book.next_due(), balances))
        assert told[0] == told[1]


def _snapshot(book: Book) -> Book:
    twin = copy.copy(book)
    twin.pages, twin.entries, twin._by_source = book.pages.copy(), list(book.entries), dict(book._by_source)
    return twin


def _open(pages: Pages) -> Pages:
    return Pages(
        accounts=pages.accounts,
        lots={number: lot for number, lot in pages.lots.items() if lot.left or lot.held},
        holds={name: hold for name, hold in pages.holds.items() if hold.state == "active"},
        debts={number: debt for number, debt in pages.debts.items() if debt.left},
    )


def test_random_histories_are_stored_as_the_book_says(engine: Engine) -> None:
    machine = type("Machine", (DatabaseMachine,), {"engine": engine})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
        ),
    )
    with transaction(engine, writes=False) as session:
        assert list(check_ledger(session)) == []
