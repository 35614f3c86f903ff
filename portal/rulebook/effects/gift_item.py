"""`gift_item`: pieces given away from the member's gift wallet."""

from typing import Literal

from portal.rulebook.effects.base import BaseEffect
from portal.rulebook.line_filter import LineFilter
from portal.rulebook.values import Name


class GiftItem(BaseEffect):
    """Give whole units of the lines at zero price, in line order, up to the member's balance in the gift `wallet`.

    The units given are spent from the wallet when the receipt is committed.

    Example: 7 pouches for 245.00 and 5 units in "gift_whiskas": 5 pouches are free, 175.00 off, 70.00 due.
    """

    type: Literal["gift_item"]
    lines: LineFilter
    wallet: Name
