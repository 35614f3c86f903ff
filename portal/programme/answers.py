"""What stories answer, in the names of api.md, as values that travel and are kept as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from portal.rulebook.explain.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiringAnswer:
    points: int
    last_valid_day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasingAnswer:
    points: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceAnswer:
    """Points of a member. `debt` is zero or negative; lists are in time order."""

    available: int
    pending: int
    held: int
    debt: int
    expiring: tuple[ExpiringAnswer, ...] = ()
    releasing: tuple[ReleasingAnswer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAnswer:
    """What is left of a line: gross = discount + points × point_value + paid."""

    n: int
    gross: int
    discount: int
    points: int
    paid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantAnswer:
    """Points (gift units in a wallet other than "points") that a rule gives `to` a member; `text` is the arithmetic."""

    rule: str
    title: str
    to: str
    wallet: str
    points: int
    lines: Mapping[int, int]
    exact: str
    release_at: datetime | None
    last_valid_day: date | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedAnswer:
    rule: str
    reason: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockedAnswer:
    rule: str
    privilege: str
    until: datetime
    uses: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponAnswer:
    """A coupon issued for later; a quote has no code yet."""

    rule: str
    template: str
    until: datetime
    code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftAnswer:
    rule: str
    wallet: str
    line: int
    units: int
    discount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsAnswer:
    available: int
    max_points: int
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgeAnswer:
    """What the member could still get, in words."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TierPathAnswer:
    """What is `left` of a `goal` to reach or to keep a tier; money in minor units, `percent` rounded down.

    `last_day` is the last one on which it still counts, null when there is none. `text` says it in words.
    """

    tier: str
    title: str
    metric: str
    value: int
    goal: int
    left: int
    percent: int
    last_day: date | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TierAnswer:
    """A member's tier. `since` is null for who never rose; `progress` leads to the next tier, null at the top.

    `keep` is what is left to keep the tier, null when it is safe.
    """

    id: str
    title: str
    since: datetime | None
    progress: TierPathAnswer | None
    keep: TierPathAnswer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptAnswer:
    """A receipt judged. A quote has no `receipt_id` and no `entries`; a guest has no balance.

    `entries` are the numbers of the buyer's ledger entries. `tier` is the one from the next receipt on, in a quote the
    one that works now; null for guests and without a ladder.
    """

    receipt_id: str | None
    member_id: str | None
    rulebook: str
    total: int
    discount: int
    points_spent: int
    due: int
    earned: Mapping[str, int]
    lines: tuple[LineAnswer, ...]
    grants: tuple[GrantAnswer, ...]
    skipped: tuple[SkippedAnswer, ...]
    unlocked: tuple[UnlockedAnswer, ...]
    coupons: tuple[CouponAnswer, ...]
    consumed: tuple[str, ...]
    gifts: tuple[GiftAnswer, ...]
    limits: LimitsAnswer
    nudges: tuple[NudgeAnswer, ...]
    balance: BalanceAnswer | None
    tier: TierAnswer | None
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFacts:
    """What an answer to a receipt says besides the sale: all of it that is kept, because the sale is kept anyway.

    `codes` are those of the issued coupons; texts are in `language`.
    """

    receipt_id: str | None
    member_id: str | None
    language: Language
    codes: tuple[str | None, ...]
    balance: BalanceAnswer | None
    tier: TierAnswer | None
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundAnswer:
    """Goods brought back: money, of which `certificates` get their part first, and points given and taken back."""

    refund_id: str
    receipt_id: str
    money: int
    points: int
    reversed: Mapping[str, int]
    balance: BalanceAnswer | None
    certificates: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldAnswer:
    """Points set aside at a till; `captured` of them were spent when it was."""

    id: str
    member_id: str
    points: int
    state: str
    expires_at: datetime
    captured: int
    balance: BalanceAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentAnswer:
    """A correction: `posted` at once, or `waiting` for a second person, who posts or rejects it."""

    id: str
    member_id: str
    points: int
    reason: str
    comment: str
    state: str
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    balance: BalanceAnswer | None
