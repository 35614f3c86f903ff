"""Lots: the points of one accrual with one expiry, and the order in which they are spent (domain.md §2.2, §2.3)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """Points of one accrual. `number` is that of the entry which made it, `grant` that of the accrual.

    Both differ only for a grace lot, which brings back points of a lot that had expired. `left` counts what is neither
    spent nor held; `held` what holds set aside; `expired` what ran out; `reversed` how much of the accrual was taken
    back or forgiven so far.
    `cause`, `budget` and `rule` are those of the accrual.
    """

    number: int
    grant: int
    wallet: str
    original: int
    left: int
    earned_at: datetime
    release_at: datetime
    expires_at: datetime | None
    last_valid_day: date | None
    released: bool
    cause: str
    budget: str | None = None
    rule: str | None = None
    held: int = 0
    expired: int = 0
    reversed: int = 0

    @property
    def due(self) -> datetime | None:
        """The instant at which something happens to the points left by itself."""
        return self.expires_at if self.released else self.release_at

    def out_of_date(self, at: datetime) -> bool:
        """Tell whether the lot's time is over; at `expires_at` itself it is."""
        return self.expires_at is not None and self.expires_at <= at

    def changed(self, delta: int) -> "Lot":
        """Return the lot with points added to what is left. Leaving its limits is a bug, not a refusal."""
        left = self.left + delta
        if not 0 <= left <= self.original:
            raise ValueError(f"lot {self.number} of {self.original} cannot have {left} left")
        return replace(self, left=left)


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is left in lots alike that a story only tells of: their sum is read instead of them.

    `release_at` is that of pending points, None once they are `released`.
    """

    wallet: str
    left: int
    released: bool
    release_at: datetime | None
    expires_at: datetime | None
    last_valid_day: date | None

    @property
    def due(self) -> datetime | None:
        """The instant at which something happens to these points by itself."""
        return self.expires_at if self.released else self.release_at


@dataclass(frozen=True, slots=True)
class Take:
    """Points taken from one lot."""

    lot: int
    points: int


def spending_order(lot: Lot) -> tuple[bool, datetime, datetime, int]:
    """Return the key that puts the soonest expiring lot first and lots without an end last."""
    return lot.expires_at is None, lot.expires_at or lot.release_at, lot.release_at, lot.number


def take(lots: Iterable[Lot], points: int) -> tuple[Take, ...]:
    """Take up to `points` from lots in the order given; less when they do not have so many."""
    takes = []
    for lot in lots:
        points -= (part := min(points, lot.left))
        if part:
            takes.append(Take(lot.number, part))
    return tuple(takes)
