"""`redemption_limit`: less to be paid by points."""

from typing import Literal

from portal.rulebook.effects.base import BaseEffect
from portal.rulebook.line_filter import LineFilter
from portal.rulebook.values import Rate


class RedemptionLimit(BaseEffect):
    """Lower the share that may be paid by points: of the whole receipt, or of each of the lines.

    Example: `{type = "redemption_limit", max_share_bp = 3000, lines = {category = ["wine"]}}`: of wine at 450.00 at
    most 135 points, of the cheese beside it all.
    """

    type: Literal["redemption_limit"]
    max_share_bp: Rate
    lines: LineFilter | None = None
