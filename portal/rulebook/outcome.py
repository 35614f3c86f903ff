"""What a receipt comes to: who pays what, who earns what and why, who does not and why not.

An outcome is stored with its receipt as plain JSON and must be reproduced by evaluating the stored inputs again. Its
instants are aware, in the rulebook's zone. Lists stand in the order things were decided, `skipped` by rule id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from pydantic import ConfigDict, TypeAdapter

from portal.money import Rounding
from portal.rulebook.values import Exact, Title

How = Literal["percent", "fixed", "per_unit", "multiply", "mixed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOutcome:
    """What is left of a line: gross = discount + points × point_value + paid (domain.md §1.5)."""

    n: int
    gross: int
    discount: int
    points: int
    paid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """Money a rule took off lines. `desired` is what it wanted before a cap, `capped_by` the cap's scope."""

    rule: str
    title: Title
    amount: int
    lines: Mapping[int, int]
    desired: int
    capped_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """Units of a line at zero price, spent from a gift wallet; `discount` is their price."""

    rule: str
    wallet: str
    line: int
    units: int
    discount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Points (or units of a gift wallet) that a rule gives one beneficiary.

    `source` is unique in the receipt: the rule's id, then who and what made a second grant of the same rule. `points`
    = Σ `lines` + `fixed`: `lines` go back with the goods, `fixed` is kept or taken back whole (domain.md §2.6).
    `exact` is the value before rounding and caps, `desired` after rounding, before caps, `capped_by` the scope that
    cut. `base` is the money each line was judged by; `rate_bp` and `factor_bp` say by what, where one number says it;
    `multiplies` names the rules whose grants a multiplier raised. `release_at` none: spendable at once; `expires_at`
    none: for ever. The last valid day is local and inclusive.
    """

    source: str
    rule: str
    title: Title
    to: str
    beneficiary: Literal["member", "referrer", "agent"]
    wallet: str
    points: int
    lines: Mapping[int, int]
    fixed: int
    exact: Exact
    rounding: Rounding
    desired: int
    how: How
    capped_by: str | None = None
    base: Mapping[int, int]
    rate_bp: int | None = None
    factor_bp: int | None = None
    multiplies: tuple[str, ...] = ()
    release_at: datetime | None = None
    last_valid_day: date | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlocked:
    """A privilege opened for later receipts: works before `until`, `uses` times (none: without limit)."""

    rule: str
    privilege: str
    until: datetime
    uses: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCoupon:
    """A coupon for later receipts, valid before `until`."""

    rule: str
    template: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """Why a rule, or one of its effects, did nothing.

    `reason` is the type of the first condition that failed, or `group:<id>`, `cap:<scope>`, `no_member`, `no_referrer`,
    `no_agent`, `smaller_multiplier`, `blocked`, `no_accrual_when_redeeming`. `facts` say what was found and what was
    needed, for the explanation.
    """

    rule: str
    reason: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many points could be spent: the member has `available`, the receipt takes at most `max_points` by `step`."""

    available: int
    max_points: int
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The whole answer. Money in minor units, `due` is what is left to pay by money, `earned` is points by member id.

    `consumed` are privileges used up by rules that did something; `coupons_used`, `segments_used` and `birthday_used`
    name in the same way the coupons, segments and the birthday's year those rules relied on.
    """

    rulebook: str
    total: int
    discount: int
    points_spent: int
    due: int
    earned: Mapping[str, int]
    lines: tuple[LineOutcome, ...]
    discounts: tuple[Discount, ...]
    gifts: tuple[Gift, ...]
    grants: tuple[Grant, ...]
    unlocked: tuple[Unlocked, ...]
    coupons: tuple[IssuedCoupon, ...]
    consumed: tuple[str, ...]
    coupons_used: tuple[str, ...]
    segments_used: tuple[str, ...]
    birthday_used: int | None
    skipped: tuple[Skipped, ...]
    limits: Limits

    __pydantic_config__ = ConfigDict(extra="forbid")


OUTCOME: TypeAdapter[Outcome] = TypeAdapter(Outcome)


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """Write an outcome as plain JSON: line numbers become texts, exact values "25/2", instants ISO with offset."""
    return OUTCOME.dump_python(outcome, mode="json")


def read_outcome(document: dict[str, Any]) -> Outcome:
    """Read an outcome back from the JSON stored with its receipt."""
    return OUTCOME.validate_python(document)
