"""Exact amounts: percents of money in points, and spreading a whole over lines (domain.md §1.2, §1.3)."""

from collections.abc import Sequence
from fractions import Fraction

from portal.money import BASIS_POINTS


def points_percent(base: int, *, rate_bp: int, point_value: int) -> Fraction:
    """Return the exact points worth that share of an amount: 5 % of 1 999.00 at 1 point = 1.00 is 1999/20."""
    return Fraction(base * rate_bp, BASIS_POINTS * point_value)


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
    shares = [int(total * weight // whole) for weight in weights]
    left = total - sum(shares)
    if not left and caps is None:
        return shares
    rests = [total * weight % whole for weight in weights]
    if caps is not None and any(share >= cap for share, cap in zip(shares, caps, strict=True)):
        return _allocate_capped(total, shares, rests, caps)
    for i in sorted(range(len(rests)), key=rests.__getitem__, reverse=True)[:left]:
        shares[i] += 1
    return shares


def _allocate_capped(total: int, shares: list[int], rests: Sequence[int | Fraction], caps: Sequence[int]) -> list[int]:
    """Give within caps what was shared out exactly as `shares` and `rests`.

    The remainders of parts below their caps differ by less than one, so giving one by one serves each of them once
    before any of them twice: full rounds are given at once, and only the last round goes by remainder.
    """
    given = [min(share, cap) for share, cap in zip(shares, caps, strict=True)]
    left = total - sum(given)
    able = [i for i, cap in enumerate(caps) if given[i] < cap and (shares[i] or rests[i])]
    while able and left >= len(able):
        each = min(left // len(able), *(caps[i] - given[i] for i in able))
        for i in able:
            given[i] += each
        left -= each * len(able)
        able = [i for i in able if given[i] < caps[i]]
    for i in sorted(able, key=rests.__getitem__, reverse=True)[:left]:
        given[i] += 1
    return given
