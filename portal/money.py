"""Exact arithmetic of money and points: integers, exact rates, one rounding (domain.md §1.1, §1.3)."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

Rounding: TypeAlias = Literal["down", "half_even", "half_up", "up"]

BASIS_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency the portal can keep books in: ISO 4217 code and the decimals of its minor unit."""

    code: str
    exponent: int


CURRENCIES = {
    code: Currency(code, 2) for code in ("RUB", "EUR", "USD", "GBP", "BYN", "KZT", "AMD", "GEL", "PLN", "CZK")
}


def rounded(exact: Fraction | int, mode: Rounding) -> int:
    """Round a number that is not negative to an integer.

    `down` and `up` go to the neighbour below and above; `half_up` and `half_even` go to the nearest and differ only at
    exact halves, where they go up and to the even neighbour.
    """
    return rounded_ratio(exact.numerator, exact.denominator, mode)


def rounded_ratio(numerator: int, denominator: int, mode: Rounding) -> int:
    """Round numerator ÷ denominator as `rounded` does, without making a fraction of them first."""
    whole, rest = divmod(numerator, denominator)
    if not rest or mode == "down":
        return whole
    if mode == "up":
        return whole + 1
    twice = 2 * rest
    if twice == denominator:
        return whole + 1 if mode == "half_up" else whole + whole % 2
    return whole + (twice > denominator)
