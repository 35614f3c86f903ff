"""The figures of an invite link, and how sure they are (domain.md §5.4)."""

from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

Z95 = 1.959963984540054
"""The normal quantile of a 95 % interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a link brought: money in minor units, `cost` None where nobody told it, `margin_bp` a share of revenue."""

    joined: int
    buyers: int
    revenue: int
    cost: int | None = None
    margin_bp: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Exact ratios; each is None where there is nothing to divide by or nothing was told."""

    conversion: Fraction | None
    revenue_per_join: Fraction | None
    mean_per_buyer: Fraction | None
    cac: Fraction | None
    romi: Fraction | None


def figures(counted: Counted) -> Figures:
    """Work out conversion = buyers / joined, CAC = cost / buyers and ROMI = (revenue × margin − cost) / cost."""
    cost, margin = counted.cost, counted.margin_bp
    gained = None if margin is None or cost is None else Fraction(counted.revenue * margin, 10_000) - cost
    return Figures(
        conversion=_ratio(counted.buyers, counted.joined),
        revenue_per_join=_ratio(counted.revenue, counted.joined),
        mean_per_buyer=_ratio(counted.revenue, counted.buyers),
        cac=None if cost is None else _ratio(cost, counted.buyers),
        romi=None if gained is None or cost is None else _ratio(gained, cost),
    )


def wilson(successes: int, trials: int) -> tuple[float, float] | None:
    """Return the 95 % interval of a share; None for no trials.

    Example: 8 of 2 018 lie between 0.20 % and 0.78 %, 87 of 115 between 67 % and 83 %.
    """
    if trials <= 0:
        return None
    share, z2 = successes / trials, Z95 * Z95
    middle = share + z2 / (2 * trials)
    reach = Z95 * sqrt(share * (1 - share) / trials + z2 / (4 * trials * trials))
    scale = 1 + z2 / trials
    return max(0.0, min(share, (middle - reach) / scale)), min(1.0, max(share, (middle + reach) / scale))


def _ratio(part: Fraction | int, whole: int) -> Fraction | None:
    return Fraction(part) / whole if whole else None
