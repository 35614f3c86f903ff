"""The book of one member, pure and in memory: commands in, entries out (domain.md §2)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from portal.ledger.accruals import POINTS
from portal.ledger.balance import Balance, Expiring, Releasing
from portal.ledger.closing import Closing
from portal.ledger.lots import Lot, Sealed
from portal.ledger.sheet import Pages


class Book(Closing):
    """One member's accounts, lots, holds and debts in all wallets, with the entries posted since it was read.

    Every command takes `at`, when it counts, and `source`, its name for ever; it first does what was due by then.
    """

    def copy(self) -> "Book":
        """Return a book that can be moved without moving this one."""
        twin = Book(self.member, count=self.count, head=self.head, pages=self.pages.copy())
        twin.clock = self.clock
        return twin

    def written(self) -> "Book":
        """Return the book as it would be read again after its entries were stored, without what is over in it."""
        pages = Pages(
            accounts=dict(self.pages.accounts),
            lots={number: lot for number, lot in self.pages.lots.items() if lot.left or lot.held},
            holds={hold.id: hold for hold in self.active_holds()},
            debts={debt.number: debt for debt in self.open_debts()},
            sealed=self.pages.sealed,
        )
        book = Book(self.member, count=self.count, head=self.head, pages=pages)
        book.clock = self.clock
        return book

    def balance(self, now: datetime, *, wallet: str = POINTS) -> Balance:
        """Return a wallet at `now` as if every due event had been posted; the book itself stays as it is."""
        due = self.next_due()
        if due is None or due > now:
            return _balance(self, wallet)
        twin = self.copy()
        twin.advance(now)
        return _balance(twin, wallet)


def _balance(book: Book, wallet: str) -> Balance:
    account = book.account(wallet)
    lots = [each for each in (*book.pages.lots.values(), *book.pages.sealed) if each.wallet == wallet and each.left]
    return Balance(
        available=account.available,
        pending=account.pending,
        held=account.held,
        debt=account.debt,
        expiring=_expiring(lots),
        releasing=_releasing(lots) if account.pending else (),
    )


def _expiring(lots: Iterable[Lot | Sealed]) -> tuple[Expiring, ...]:
    points: dict[tuple[datetime, date | None], int] = defaultdict(int)
    for lot in lots:
        if lot.expires_at is not None:
            points[lot.expires_at, lot.last_valid_day] += lot.left
    return tuple(Expiring(left, *when) for when, left in sorted(points.items(), key=lambda item: item[0][0]))


def _releasing(lots: Iterable[Lot | Sealed]) -> tuple[Releasing, ...]:
    points: dict[datetime, int] = defaultdict(int)
    for lot in lots:
        if lot.release_at is not None and not lot.released:
            points[lot.release_at] += lot.left
    return tuple(Releasing(left, at) for at, left in sorted(points.items()))
