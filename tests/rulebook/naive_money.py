"""The oracle's arithmetic, one unit at a time."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any


def rounded(exact: Fraction, mode: str) -> int:
    floor = exact.numerator // exact.denominator
    rest = exact - floor
    if mode == "down" or rest == 0:
        return floor
    if mode == "up":
        return floor + 1
    if rest != Fraction(1, 2):
        return floor + (rest > Fraction(1, 2))
    return floor + 1 if mode == "half_up" or floor % 2 else floor


def half_up(exact: Fraction) -> int:
    return rounded(Fraction(exact), "half_up")


def largest_remainder(total: int, weights: list[Any], caps: list[int] | None = None) -> list[int]:
    """Floors first, then unit by unit to the largest exact share not yet given (domain.md §1.3)."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    exact = [Fraction(total) * weight / whole for weight in weights]
    given = [int(share) for share in exact]
    if caps is not None:
        given = [min(share, cap) for share, cap in zip(given, caps, strict=True)]
    for _ in range(total - sum(given)):
        able = [i for i in range(len(weights)) if weights[i] and (caps is None or given[i] < caps[i])]
        if not able:
            break
        given[max(able, key=lambda i: (exact[i] - given[i], -i))] += 1
    return given


def whole_units(line: dict[str, Any]) -> int:
    return int(Fraction(str(line.get("qty", 1))))


Shares = dict[int, Fraction]
Offer = tuple[dict[int, int], Shares]
"""What an offer takes off by position: in whole minor units, and exactly what is still to be rounded together."""


def n_for_m(units: list[tuple[Fraction, int]], *, take: int, pay: int) -> Offer:
    """Units dearest first in groups of `take`; the money of the cheapest is spread over the group by price."""
    offer: Offer = {}, {}
    for start in range(0, len(units) - take + 1, take):
        free = sum((price for price, _ in units[start + pay : start + take]), Fraction())
        spread(units[start : start + take], free, offer)
    return offer


def bundle(
    units: list[tuple[Fraction, int]], effect: dict[str, Any], fits: Callable[[dict[str, Any], int], bool]
) -> Offer:
    left, offer, times = list(units), ({}, {}), 0
    while effect.get("max_times") is None or times < effect["max_times"]:
        chosen: list[tuple[Fraction, int]] = []
        rest = list(left)
        for part in effect["sets"]:
            matching = [unit for unit in rest if fits(part, unit[1])][: part.get("qty", 1)]
            if len(matching) < part.get("qty", 1):
                return offer
            for unit in matching:
                rest.remove(unit)
            chosen += matching
        off = sum((price for price, _ in chosen), Fraction()) - effect["price"]
        if off <= 0:
            return offer
        spread(chosen, off, offer)
        left, times = rest, times + 1
    return offer


def spread(units: list[tuple[Fraction, int]], money: Fraction, offer: Offer) -> None:
    parts, shares = offer
    whole = sum((price for price, _ in units), Fraction())
    units = sorted(units, key=lambda unit: unit[1])
    if whole and money.denominator > 1:
        for price, i in units:
            shares[i] = shares.get(i, Fraction()) + money * price / whole
    elif whole:
        for part, (_, i) in zip(largest_remainder(int(money), [price for price, _ in units]), units, strict=True):
            parts[i] = parts.get(i, 0) + part


def settled(offer: Offer, room: Callable[[int], int]) -> dict[int, int]:
    parts, shares = offer
    where = sorted(shares)
    rounded_together = largest_remainder(half_up(sum(shares.values(), Fraction())), [shares[i] for i in where])
    off = {i: parts.get(i, 0) for i in sorted({*parts, *shares})}
    for i, part in zip(where, rounded_together, strict=True):
        off[i] += part
    if any(amount > room(i) for i, amount in off.items()):
        off = dict(zip(off, largest_remainder(sum(off.values()), [*off.values()], [*map(room, off)]), strict=True))
    return off
