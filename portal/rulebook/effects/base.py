"""What every effect is: a frozen model that belongs to one step of the evaluation and compiles itself for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from portal.rulebook.line_filter import Covers, LineFilter
from portal.rulebook.situation import Bill
from portal.rulebook.validity import Validity
from portal.rulebook.values import Days, Model, Name, Whole

Beneficiary = Literal["member", "referrer", "agent"]

MOST_LEVELS = 3
"""So many of those who brought each other are read with a purchase."""

Wanted = Callable[[Bill, Sequence[int]], dict[int, int]]
"""A compiled discount: from the bill and the positions open to the rule to the discount wanted per position, above zero
and within the position's room."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What effects take from their rulebook: `scale` is the denominator of exact points, 10 000 × the point's value."""

    cascade: bool
    scale: int


@dataclass(slots=True)
class Earning:
    """Exact points over `Terms.scale`: per position, and a part that belongs to the receipt as a whole.

    `base` is the money judged per position.
    """

    lines: dict[int, int] = field(default_factory=dict[int, int])
    fixed: int = 0
    base: dict[int, int] = field(default_factory=dict[int, int])

    def add(self, other: "Earning") -> None:
        """Add what another effect earns to this; money judged by several effects is counted once."""
        for i, part in other.lines.items():
            self.lines[i] = self.lines.get(i, 0) + part
        self.fixed += other.fixed
        for i, amount in other.base.items():
            self.base.setdefault(i, amount)


Earns = Callable[[Bill, Sequence[int]], Earning]
"""A compiled accrual: from the bill and the positions open to accrual to what is earned, exactly."""


class BaseEffect(Model):
    """Something a rule does."""


class DiscountEffect(BaseEffect):
    """An effect of the discount step (domain.md §3.4, 4)."""

    def wants(self, terms: Terms) -> Wanted:
        """Return the closure that says what the effect takes off."""
        raise NotImplementedError


class AccrualEffect(BaseEffect):
    """An effect of the accrual step: points for the member, the referrer or the agent.

    Without its own `pending_days` and `valid` the points live by the wallet's. `level` 2 is the referrer's referrer, 3
    the one who brought that.
    """

    to: Beneficiary = "member"
    level: Annotated[Whole, Field(ge=1, le=MOST_LEVELS)] = 1
    wallet: Name = "points"
    pending_days: Days | None = None
    valid: Validity | None = None

    @model_validator(mode="after")
    def _levels_are_of_referrers(self) -> Self:
        if self.level > 1 and self.to != "referrer":
            raise ValueError('`level` is of `to = "referrer"`')
        return self

    def earns(self, terms: Terms) -> Earns:
        """Return the closure that says what the effect gives before rounding and caps."""
        raise NotImplementedError


def covered(bill: Bill, positions: Sequence[int], covers: Covers | None) -> Sequence[int]:
    """Return those of the positions whose lines are meant; without a filter all are."""
    if covers is None:
        return positions
    lines = bill.lines
    return [i for i in positions if covers(lines[i])]


def compiled_filter(lines: LineFilter | None) -> Covers | None:
    """Return the filter's test, or None when every line is meant."""
    return lines.compiled() if lines else None


def whole_units(bill: Bill, position: int) -> int:
    """Return how many whole units a line has; what is weighed has as many as whole kilograms, the rest is no unit."""
    return int(bill.lines[position].qty)
