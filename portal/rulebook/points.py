"""What holds for points whatever the rules give: wallets, paying, returns, holds, corrections, the welcome."""

from typing import Annotated, Literal

from pydantic import Field

from portal.rulebook.validity import Validity
from portal.rulebook.values import Count, Days, Flag, Minor, Model, Name, Points, Rate, Reward, Title

POINTS = "points"
"""The wallet that pays at the till; there is always one, declared or not."""


class Wallet(Model):
    """Where points or gift units lie. `pending_days` and `valid` hold for grants that name none of their own."""

    id: Name
    kind: Literal["points", "gift"] = "points"
    title: Title = ""
    point_value: Annotated[Minor, Field(ge=1)] | None = None
    pending_days: Days = 0
    valid: Validity | None = None


class Redemption(Model):
    """How much of a receipt may be paid by points (domain.md §1.4)."""

    max_share_bp: Rate = 10_000
    share_base: Literal["eligible", "receipt"] = "eligible"
    step: Count = 1
    min_points: Points = 1
    min_cash: Minor = 0
    no_accrual_when_redeeming: Flag = False


class Refunds(Model):
    """What happens to points when goods come back (domain.md §2.6)."""

    shortage: Literal["lot_only", "within_balance", "debt"] = "debt"
    restore_grace_days: Days = 14
    debt_days: Days = 365


class Adjustments(Model):
    """Corrections by staff (domain.md §2.8): when a second person confirms, how much one person may give a day."""

    four_eyes_from: Points = 1000
    daily_limit: Points = 10_000


class Holds(Model):
    """How long points stay set aside at a till."""

    ttl_seconds: Count = 900


class Welcome(Model):
    """Points for joining, once per person, without pending (domain.md §2.7)."""

    points: Reward = 300
    valid: Validity = Validity(type="days", n=14)
    title: Title = ""
