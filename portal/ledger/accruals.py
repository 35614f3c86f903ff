"""Points earned, given by hand and taken by hand (domain.md §2.1, §2.7, §2.8)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from portal.errors import Refused
from portal.ledger.entries import Entry, Facts, Kind, Origin
from portal.ledger.lots import Lot, take
from portal.ledger.postings import Postings
from portal.ledger.sheet import taken
from portal.ledger.timeline import Timeline
from portal.rulebook.validity import LotDates

POINTS = "points"
"""The wallet of the programme's points; other wallets are gift wallets and count units."""

Reason = Literal["goodwill", "error_fix", "complaint", "migration", "fraud"]


class NotEnoughPoints(Refused):
    code = "not-enough-points"
    text = "Points available: %(available)s; %(asked)s were asked for."


class NoPoints(Refused):
    code = "no-points"
    text = "The number of points must be at least one."


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """Why a member of staff adjusts points, and who. It stays for ever: what they wrote of it stands elsewhere."""

    reason: Reason
    operator: str
    receipt: str | None = None
    second: str | None = None

    def details(self) -> Facts:
        """Return what is told here, without what is empty."""
        told = {"reason": self.reason, "operator": self.operator, "second": self.second}
        return {name: fact for name, fact in told.items() if fact}


class Accruals(Timeline):
    """Commands that make lots, and the adjustment that takes from them."""

    def grant(
        self, points: int, *, at: datetime, source: str, origin: Origin, dates: LotDates, wallet: str = POINTS,
        details: Facts | None = None,
    ) -> Entry:  # fmt: skip
        """Accrue points that are usable from `dates.available_at`, counted from `at` (which may be in the past).

        Debts are repaid from them as soon as they are available. Raises `NoPoints`, `AlreadyPosted` or
        `PostedDifferently`.
        """
        return self._add(
            "accrual", points, at=at, source=source, origin=origin, dates=dates, wallet=wallet, details=details
        )

    def adjust(
        self, points: int, *, at: datetime, source: str, grounds: Grounds, dates: LotDates | None = None,
        wallet: str = POINTS,
    ) -> Entry:  # fmt: skip
        """Give (`points` > 0) or take (`points` < 0, soonest expiring first) points by hand.

        Given points make a lot by `dates`, at once and without an end by default. Raises `NotEnoughPoints` rather than
        making a debt, and `NoPoints` for zero.
        """
        origin, details = Origin("manual", receipt=grounds.receipt), grounds.details()
        if points > 0:
            dates = dates or LotDates(at, None, None)
            return self._add(
                "adjustment", points, at=at, source=source, origin=origin, dates=dates, wallet=wallet, details=details
            )
        self.claim(source, kind="adjustment", points=points)
        self.advance(at)
        self.need(-points, wallet=wallet)
        return self.post(
            "adjustment", wallet=wallet, at=at, source=source, origin=origin,
            postings=Postings(available=points, issued=-points),
            lots=taken(take(self.spendable(wallet, at), -points)), details=details,
        )  # fmt: skip

    def need(self, points: int, *, wallet: str) -> None:
        """Refuse less than one point and more than are available."""
        if points < 1:
            raise NoPoints(asked=points)
        available = self.account(wallet).available
        if points > available:
            raise NotEnoughPoints(available=available, asked=points)

    def _add(
        self, kind: Kind, points: int, *, at: datetime, source: str, origin: Origin, dates: LotDates, wallet: str,
        details: Facts | None,
    ) -> Entry:  # fmt: skip
        self.claim(source, kind=kind, points=points)
        if points < 1:
            raise NoPoints(asked=points)
        self.advance(at)
        pending = dates.available_at > at
        lot = self.new_lot(points, at=at, origin=origin, dates=dates, wallet=wallet, released=not pending)
        postings = Postings(pending=points, issued=-points) if pending else Postings(available=points, issued=-points)
        entry = self.post_lot(kind, lot, at=at, source=source, origin=origin, postings=postings, details=details)
        if not pending:
            self.settle(wallet, at=at)
        self.advance(self.clock)
        return entry

    def new_lot(
        self, points: int, *, at: datetime, origin: Origin, dates: LotDates, wallet: str, released: bool,
        grant: int | None = None,
    ) -> Lot:  # fmt: skip
        """Return the lot that the next entry makes."""
        number = self.count + 1
        return Lot(
            number=number, grant=grant or number, wallet=wallet, original=points, left=points, earned_at=at,
            release_at=dates.available_at, expires_at=dates.expires_at, last_valid_day=dates.last_valid_day,
            released=released, cause=origin.cause, budget=origin.budget, rule=origin.rule,
        )  # fmt: skip
