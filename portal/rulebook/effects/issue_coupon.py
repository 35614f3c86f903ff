"""`issue_coupon`: a coupon for later."""

from typing import Literal

from portal.rulebook.effects.base import BaseEffect
from portal.rulebook.values import Days, Name


class IssueCoupon(BaseEffect):
    """Give the member a coupon of a template, in date through the day `valid_days` after this one.

    Example: `{type = "issue_coupon", template = "back10", valid_days = 14}` on 4 March: Ben can show it through 18
    March.
    """

    type: Literal["issue_coupon"]
    template: Name
    valid_days: Days
