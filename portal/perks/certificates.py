"""Gift certificates: money paid in advance, kept apart from points (domain.md §1.5)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

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

    def spendable(self, at: datetime) -> int:
        """Return what can be paid by it at an instant."""
        return self.left if self.until is None or at < self.until else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """What happened to a certificate with a receipt; `amount` is what was added to it."""

    certificate: Certificate
    kind: Literal["sale", "spending", "refund", "withdrawal"]
    amount: int
    source: str
