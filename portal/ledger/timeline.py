"""What happens in a book by itself as time passes (domain.md §2.4)."""

from dataclasses import replace
from datetime import datetime
from typing import Literal

from portal.ledger.debts import repaid
from portal.ledger.entries import Entry, Origin
from portal.ledger.holds import Hold, HoldState
from portal.ledger.lots import Lot, take
from portal.ledger.postings import Postings
from portal.ledger.sheet import LotsSealed, Sheet, returned, taken, total

Ending = Literal["void", "timeout"]
_ENDED: dict[Ending, HoldState] = {"void": "voided", "timeout": "timed_out"}


class Timeline(Sheet):
    """Releases, time-outs, expiries and write-offs that are due; and debts, repaid as soon as there are points."""

    def advance(self, now: datetime) -> None:
        """Bring the book to `now`: post what is due, in time order.

        At equal instants: release, hold time-out, expiry, debt write-off. Doing it twice does nothing more.
        """
        self.clock = max(self.clock, now)
        while (instant := self.next_due()) is not None and instant <= now:
            if any(each.due is not None and each.due <= instant for each in self.pages.sealed):
                raise LotsSealed(self.member)
            self._release(instant)
            self._time_out(instant)
            self._expire(instant, by="time")
            self._forgive_old_debts(instant)

    def next_due(self) -> datetime | None:
        """Return the next instant at which something happens by itself."""
        pages = self.pages
        dues = [each.due for each in (*pages.lots.values(), *pages.sealed) if each.left]
        if pages.holds:
            dues += [hold.expires_at for hold in self.active_holds()]
        if pages.debts:
            dues += [debt.write_off_at for debt in self.open_debts()]
        return min((due for due in dues if due is not None), default=None)

    def _release(self, at: datetime) -> None:
        due = [lot for lot in self.pages.lots.values() if lot.left and not lot.released and lot.release_at <= at]
        for lot in sorted(due, key=lambda each: (each.release_at, each.number)):
            self.pages.lots[lot.number] = replace(lot, released=True)
            self.post(
                "release", wallet=lot.wallet, at=at, source=f"{self.member}/release/{lot.number}", origin=_of(lot),
                postings=Postings(pending=-lot.left, available=lot.left), details={"lot": lot.number},
            )  # fmt: skip
            self.settle(lot.wallet, at=at)

    def _time_out(self, at: datetime) -> None:
        due = [hold for hold in self.active_holds() if hold.expires_at <= at]
        for hold in sorted(due, key=lambda each: (each.expires_at, each.number)):
            self.give_back(hold, at=at, kind="timeout", source=f"{self.member}/timeout/{hold.number}")

    def _forgive_old_debts(self, at: datetime) -> None:
        due = [debt for debt in self.open_debts() if debt.write_off_at is not None and debt.write_off_at <= at]
        for debt in sorted(due, key=lambda each: each.number):
            self.pages.debts[debt.number] = replace(debt, left=0)
            self.post(
                "write_off", wallet=debt.wallet, at=at, source=f"{self.member}/write-off/{debt.number}",
                origin=Origin("time"), postings=Postings(debt=debt.left, writeoff=-debt.left),
                details={"debt": debt.number},
            )  # fmt: skip

    def _expire(self, at: datetime, *, by: str) -> None:
        """Let what is left of lots out of date run out, also what came back to them too late."""
        due = [lot for lot in self.pages.lots.values() if lot.left and lot.released and lot.out_of_date(at)]
        for lot in sorted(due, key=lambda each: (each.expires_at or at, each.number)):
            self.change_lot(lot.number, expired=lot.left)
            self.post(
                "expiry", wallet=lot.wallet, at=at, source=f"{self.member}/expiry/{lot.number}/{self.count + 1}",
                origin=_of(lot), postings=Postings(available=-lot.left, breakage=lot.left),
                lots=((lot.number, -lot.left),), details={"by": by},
            )  # fmt: skip

    def give_back(self, hold: Hold, *, at: datetime, kind: Ending, source: str) -> Entry:
        """End a hold with all its points back in their lots; those out of date by now run out at once (§2.5)."""
        points = total(hold.takes)
        self.let_loose(hold.takes)
        self.pages.holds[hold.id] = replace(hold, state=_ENDED[kind], ended_at=at)
        entry = self.post(
            kind, wallet=hold.wallet, at=at, source=source, origin=Origin("hold"),
            postings=Postings(held=-points, available=points), lots=returned(hold.takes), details={"hold": hold.id},
        )  # fmt: skip
        self.after_return(hold.wallet, at=at)
        return entry

    def after_return(self, wallet: str, *, at: datetime) -> None:
        """Let points that came back too late run out, then repay debts with the others."""
        self._expire(at, by="return")
        self.settle(wallet, at=at)

    def settle(self, wallet: str, *, at: datetime) -> None:
        """Repay debts, oldest first, from what is available: points are never available beside a debt."""
        account = self.account(wallet)
        points = min(account.available, -account.debt)
        if not points:
            return
        takes = take(self.spendable(wallet, at), points)
        debts = repaid(self.open_debts(wallet), points)
        at = max(at, *(debt.since for debt in debts))  # points told late repay a younger debt when it was made
        self.post(
            "settlement", wallet=wallet, at=at, source=f"{self.member}/settlement/{self.count + 1}",
            origin=Origin("debt"), postings=Postings(available=-points, debt=points), lots=taken(takes),
            details={"debts": [[debt.number, self.pages.debts[debt.number].left - debt.left] for debt in debts]},
        )  # fmt: skip
        self.pages.debts.update({debt.number: debt for debt in debts})


def _of(lot: Lot) -> Origin:
    return Origin(lot.cause, budget=lot.budget, rule=lot.rule)
