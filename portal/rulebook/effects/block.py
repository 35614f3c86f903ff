"""`block`: nothing more on these lines."""

from typing import Annotated, Literal

from pydantic import Field

from portal.rulebook.effects.base import BaseEffect
from portal.rulebook.line_filter import LineFilter

Blocked = Literal["discount", "accrual", "redemption"]


class Block(BaseEffect):
    """Keep other rules' discounts, all accrual, or all payment by points off the lines.

    A block beats everything. The first rule that blocks discounts on a line owns it: its own discounts still work
    there.

    Example: the yellow price tag takes 30 % off the milk and blocks all three: no other discount, no points either way.
    """

    type: Literal["block"]
    what: Annotated[tuple[Blocked, ...], Field(min_length=1)]
    lines: LineFilter | None = None
