"""What a shop may know of itself that a rulebook does not say; with it the linter sees more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from portal.rulebook.member_state import MemberState
from portal.rulebook.receipt import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopFacts:
    """Facts beside the rulebook; none of them is needed.

    `at` is when the version would start. `margins_bp` is the margin by category, `services` the categories that are
    no goods, `segments` the ids that exist (None: not known), `receipts` those of the last 90 days with their
    member's state before them.
    """

    at: datetime | None = None
    mean_receipt_minor: int | None = None
    margins_bp: Mapping[str, int] = field(default_factory=dict[str, int])
    services: frozenset[str] = frozenset()
    segments: frozenset[str] | None = None
    tiers: frozenset[str] = frozenset()
    receipts: Iterable[tuple[Receipt, MemberState | None]] = ()
