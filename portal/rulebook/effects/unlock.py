"""`unlock`: a privilege for later receipts."""

from typing import Literal

from portal.rulebook.effects.base import BaseEffect
from portal.rulebook.line_filter import LineFilter
from portal.rulebook.values import Count, Days, Name


class Unlock(BaseEffect):
    """Open a privilege for later receipts, when a matching line is bought.

    It works through the day `valid_days` after this one, `uses` times (none: without limit), and not in this receipt.

    Example: an aquarium bought on 4 March opens "aqua20" with 30 days until 4 April 00:00.
    """

    type: Literal["unlock"]
    privilege: Name
    valid_days: Days
    uses: Count | None = None
    lines: LineFilter | None = None
