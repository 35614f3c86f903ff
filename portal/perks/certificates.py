"""Gift certificates: money paid in advance, kept apart from points (domain.md §1.5)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from portal.errors import Refused

CATEGORY = "gift_certificate"
"""Lines of this category sell certificates; rules keep discounts, points and payment by points off them."""


class CertificateSpent(Refused):
    code = "certificate-spent"
    status = 409
    text = "A certificate of this line has been spent from: it cannot be brought back."


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate of `value` minor units, of which `left` can still be spent, for ever where `until` is None."""

    id: str
    code: str
    currency: str
    value: int
    left: int
    sold_at: datetime
    until: datetime | None

    def last_day(self, zone: ZoneInfo) -> date | None:
        """Return the last local day on which it pays; None where that is every day."""
        return None if self.until is None else (self.until - timedelta.resolution).astimezone(zone).date()

    def spendable(self, at: datetime) -> int:
        """Return what can be paid by it at an instant."""
        return self.left if self.until is None or at < self.until else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """What happened to a certificate with a receipt; `amount` is what was added to it.

    It pays `until` an instant at least from then on (None: as long as it did).
    """

    certificate: Certificate
    kind: Literal["sale", "spending", "refund", "withdrawal"]
    amount: int
    source: str
    until: datetime | None = None
