"""Exact amounts: percents of money in points, and spreading a whole over lines (domain.md §1.2, §1.3)."""

from collections.abc import Sequence
from fractions import Fraction

from portal.money import BASIS_POINTS, Rounding, rounded


def points_percent(base: int, *, rate_bp: int, point_value: int) -> Fraction:
    """Return the exact points worth that share of an amount: 5 % of 1 999.00 at 1 point = 1.00 is 1999/20."""
    return Fraction(base * rate_bp, BASIS_POINTS * point_value)


def round_points(exact: Fraction, mode: Rounding) -> int:
    """Round an exact number of points, once per rule, receipt and beneficiary (decision R1)."""
    return rounded(exact, mode)


def share_of(amount: int, rate_bp: int) -> int:
    """Return a share of money, half up to the minor unit: 10 % of 0.05 is 0.01."""
    return (2 * amount * rate_bp + BASIS_POINTS) // (2 * BASIS_POINTS)


def allocate(total: int, weights: Sequence[int | Fraction], caps: Sequence[int] | None = None) -> list[int]:
    """Spread a whole over parts by largest remainder: 10 over 1 : 1 : 1 is 4, 3, 3.

    Every part first gets the floor of its exact share; what is left goes one by one to the part with the largest exact
    share not yet given, ties to the earlier part. No part gets above its cap, none without weight gets anything. What
    fits nowhere is not given, so the sum is the smaller of `total` and the caps of the parts with weight.
    """
    whole = sum(weights)
    if not whole or not total:
        return [0] * len(weights)
    shares = [total * weight // whole for weight in weights]
    if caps is not None:
        shares = [min(share, cap) for share, cap in zip(shares, caps, strict=True)]
    left = total - sum(shares)
    if left:
        _give_rest(left, shares, total=total, weights=weights, whole=whole, caps=caps)
    return shares


def _give_rest(
    left: int,
    shares: list[int],
    *,
    total: int,
    weights: Sequence[int | Fraction],
    whole: int | Fraction,
    caps: Sequence[int] | None,
) -> None:
    """Add what is left, in place.

    The exact remainders of parts below their caps differ by less than one, so giving one by one serves each of them
    once before any of them twice: full rounds are given at once, and only the last round is sorted.
    """
    open_parts = [i for i, weight in enumerate(weights) if weight and (caps is None or shares[i] < caps[i])]
    while open_parts and left >= len(open_parts):
        each = left // len(open_parts)
        if caps is not None:
            each = min(each, *(caps[i] - shares[i] for i in open_parts))
        for i in open_parts:
            shares[i] += each
        left -= each * len(open_parts)
        open_parts = [i for i in open_parts if caps is None or shares[i] < caps[i]]
    open_parts.sort(key=lambda i: shares[i] * whole - total * weights[i])
    for i in open_parts[:left]:
        shares[i] += 1
