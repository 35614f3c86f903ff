"""`multiply`: other rules' points again."""

from typing import Annotated, Literal

from pydantic import Field

from portal.rulebook.effects.base import BaseEffect
from portal.rulebook.values import Names


class Multiply(BaseEffect):
    """Grant the member's exact points of the named `rules` × (`factor_bp` / 10 000 − 1) again, under this rule's name.

    The exact value is taken before rounding and caps and rounded once; of several multipliers only the largest works,
    unless the rulebook's `multiplier_mode` is "add".

    Example: 5 % of 1 500.00 is 75 points; `{type = "multiply", factor_bp = 20000, rules = ["base5"]}` grants 75 more.
    """

    type: Literal["multiply"]
    factor_bp: Annotated[int, Field(strict=True, gt=10_000, le=1_000_000)]
    rules: Names
