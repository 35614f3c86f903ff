"""The pages of one member's book in memory, and `post`, the only way anything on them moves."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from portal.db import Stale
from portal.errors import Refused
from portal.ledger.debts import Debt
from portal.ledger.entries import Entry, Facts, Kind, Origin, chain
from portal.ledger.holds import Hold
from portal.ledger.lots import Lot, Sealed, Take, spending_order
from portal.ledger.postings import Account, Postings

NEVER = datetime.min.replace(tzinfo=UTC)


class AlreadyPosted(Refused):
    code = "already-posted"
    status = 409
    text = "This was already told to the ledger (%(source)s)."


class PostedDifferently(Refused):
    code = "source-conflict"
    status = 409
    text = "Something else was told to the ledger under the same name (%(source)s)."


class LotsSealed(Stale):
    """Lots are needed of which only the sum was read; the next try of `portal.db.run` reads them whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumption:
    """Points a redemption or capture took from a lot. `restored` of them were given back since."""

    number: int
    position: int
    source: str
    lot: int
    points: int
    restored: int = 0


@dataclass(slots=True, kw_only=True)
class Pages:
    """What stands in a book, by key. The values are frozen: a copy of the dicts is a copy of the book.

    Lots that are `sealed` stand for themselves in no dict: they can be told, not touched.
    """

    accounts: dict[str, Account] = field(default_factory=dict)
    lots: dict[int, Lot] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    debts: dict[int, Debt] = field(default_factory=dict)
    consumptions: dict[tuple[int, int], Consumption] = field(default_factory=dict)
    sealed: tuple[Sealed, ...] = ()

    def copy(self) -> "Pages":
        return Pages(
            accounts=dict(self.accounts),
            lots=dict(self.lots),
            holds=dict(self.holds),
            debts=dict(self.debts),
            consumptions=dict(self.consumptions),
            sealed=self.sealed,
        )


class Sheet:
    """State of a book with the moves everything else is made of.

    `count` and `head` are the number and hash of the last entry, `entries` those posted since the book was read, `read`
    what stood in it then and `clock` the latest instant the book was brought to. `known` are entries read with it.
    """

    def __init__(
        self, member: str, *, count: int = 0, head: str = "", pages: Pages | None = None, known: Iterable[Entry] = ()
    ) -> None:
        self.member = member
        self.count = count
        self.head = head
        self.pages = pages or Pages()
        self.read = self.pages.copy()
        self.entries: list[Entry] = []
        self.clock = NEVER
        self._by_source = {entry.source: entry for entry in known}

    def account(self, wallet: str) -> Account:
        return self.pages.accounts.get(wallet) or Account(wallet)

    def posted(self, source: str) -> Entry | None:
        """Return the entry told under this name, if it was read with the book or told since."""
        return self._by_source.get(source)

    def claim(self, source: str, *, kind: Kind, points: int) -> None:
        """Refuse a source that was told before: `AlreadyPosted` for the same command, else `PostedDifferently`."""
        entry = self._by_source.get(source)
        if entry is None:
            return
        same = entry.kind == kind and entry.points == points
        raise (AlreadyPosted if same else PostedDifferently)(source=source)

    def post(
        self, kind: Kind, *, wallet: str, at: datetime, source: str, origin: Origin, postings: Postings,
        lots: Sequence[tuple[int, int]] = (), details: Facts | None = None,
    ) -> Entry:  # fmt: skip
        """Write the next entry, move its accounts and what is left of its lots, and chain it."""
        for number, delta in lots:
            self.pages.lots[number] = self.pages.lots[number].changed(delta)
        return self._write(
            kind, wallet=wallet, at=at, source=source, origin=origin, postings=postings, lots=lots, details=details
        )

    def post_lot(
        self, kind: Kind, lot: Lot, *, at: datetime, source: str, origin: Origin, postings: Postings,
        details: Facts | None = None,
    ) -> Entry:  # fmt: skip
        """Write the next entry, which makes a lot of its number and fills it, and chain it."""
        self.pages.lots[lot.number] = lot
        return self._write(
            kind, wallet=lot.wallet, at=at, source=source, origin=origin, postings=postings,
            lots=((lot.number, lot.left),), details=details,
        )  # fmt: skip

    def _write(
        self, kind: Kind, *, wallet: str, at: datetime, source: str, origin: Origin, postings: Postings,
        lots: Sequence[tuple[int, int]], details: Facts | None,
    ) -> Entry:  # fmt: skip
        self.pages.accounts[wallet] = self.account(wallet).after(postings)
        self.count += 1
        entry = Entry(
            number=self.count, at=at, posted_at=max(at, self.clock), kind=kind, wallet=wallet, source=source,
            origin=origin, postings=postings, lots=tuple(lots), details=details or {},
        )  # fmt: skip
        self.head = chain(entry, self.head, member=self.member)
        self.entries.append(entry)
        self._by_source[source] = entry
        return entry

    def spendable(self, wallet: str, at: datetime) -> list[Lot]:
        """Return the lots that can be spent at an instant, in spending order (§2.2)."""
        self.need_lots(wallet)
        lots = (lot for lot in self.pages.lots.values() if lot.wallet == wallet and lot.left and lot.released)
        return sorted((lot for lot in lots if not lot.out_of_date(at)), key=spending_order)

    def need_lots(self, wallet: str) -> None:
        """Raise `LotsSealed` where lots of a wallet were not read one by one."""
        if any(each.wallet == wallet for each in self.pages.sealed):
            raise LotsSealed(wallet)

    def active_holds(self, wallet: str | None = None) -> Iterator[Hold]:
        holds = (hold for hold in self.pages.holds.values() if hold.state == "active")
        return (hold for hold in holds if wallet in (None, hold.wallet))

    def open_debts(self, wallet: str | None = None) -> Iterator[Debt]:
        return (debt for debt in self.pages.debts.values() if debt.left and wallet in (None, debt.wallet))

    def set_aside(self, takes: Iterable[Take]) -> None:
        """Mark points taken from lots as held."""
        for each in takes:
            self.change_lot(each.lot, held=each.points)

    def let_loose(self, takes: Iterable[Take]) -> None:
        """Mark points as held no more; whether they are spent or back is for the entry to say."""
        for each in takes:
            self.change_lot(each.lot, held=-each.points)

    def change_lot(self, number: int, *, held: int = 0, expired: int = 0, reversed_points: int = 0) -> None:
        """Add to what is held of a lot, to what ran out of it and to what was taken back of its accrual."""
        lot = self.pages.lots[number]
        self.pages.lots[number] = replace(
            lot, held=lot.held + held, expired=lot.expired + expired, reversed=lot.reversed + reversed_points
        )


def taken(takes: Iterable[Take]) -> tuple[tuple[int, int], ...]:
    """Return takes as an entry's lots: points that left each lot."""
    return tuple((each.lot, -each.points) for each in takes)


def returned(takes: Iterable[Take]) -> tuple[tuple[int, int], ...]:
    """Return takes as an entry's lots: points that came back to each lot."""
    return tuple((each.lot, each.points) for each in takes)


def total(takes: Iterable[Take]) -> int:
    return sum(each.points for each in takes)
