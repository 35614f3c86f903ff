"""What the programme knows of a member at the moment before a receipt: a snapshot, nothing live."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import ConfigDict, TypeAdapter

from portal.rulebook.moments import is_before
from portal.rulebook.values import Day, Minor, Moment, Name, Points, Total, Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class LastPurchase:
    """The last committed, not fully returned receipt; `net` is after discounts, before points."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    at: Moment
    net: Total


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPrivilege:
    """An opened privilege: works before `until` (none: for ever) while uses are left (none: without limit)."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    id: Name
    until: Moment | None = None
    uses_left: Points | None = None

    def works(self, at: datetime) -> bool:
        """Tell whether it still works at a local, aware time."""
        return self.uses_left != 0 and (self.until is None or is_before(at, self.until))


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCoupon:
    """A coupon issued to the member. Without a code of its own it is shown at the till by its template's name."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    template: Name
    code: Name | None = None
    until: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """How much of a rule was used in the scope of a cap, in each unit a cap may count."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    points: Points = 0
    minor: Minor = 0
    uses: Points = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberState:
    """A member as the rules see them.

    `tier` is the tier before the receipt, `purchases` the number of earlier purchases not fully returned, `balance`
    the spendable points and gift units by wallet. `usage` says per rule and cap scope what was used before, a bare
    number in the cap's own unit; what it says of `member_day` is of `usage_day` (none: the receipt's). `referrer` and
    `agent` are member ids, `referrers_above` those who brought the referrer, one after another (none: gone);
    `referred_by` names the link or partner they came by. `birthday_entered` is the day the
    birthday was told (none: not checked), `birthdays_used` the years whose birthday has been used. `profile` holds
    consented values alone.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    id: Name
    tier: Name | None = None
    segments: tuple[Name, ...] = ()
    birthday: Day | None = None
    birthday_entered: Day | None = None
    birthdays_used: tuple[Whole, ...] = ()
    purchases: Points = 0
    last_purchase: LastPurchase | None = None
    balance: Mapping[Name, Points] = field(default_factory=dict[str, int])
    privileges: tuple[HeldPrivilege, ...] = ()
    coupons: tuple[HeldCoupon, ...] = ()
    usage_day: Day | None = None
    usage: Mapping[Name, Mapping[Name, Points | Used]] = field(default_factory=dict[str, Mapping[str, int | Used]])
    referrer: Name | None = None
    referrers_above: tuple[Name | None, ...] = ()
    referred_by: Name | None = None
    agent: Name | None = None
    profile: Mapping[Name, str | int | bool | tuple[str, ...] | None] = field(
        default_factory=dict[str, "str | int | bool | tuple[str, ...] | None"]
    )

    @property
    def upline(self) -> tuple[str | None, ...]:
        """Who brought the member, who brought that one, and so on."""
        return (self.referrer, *self.referrers_above)


MEMBER_STATE: TypeAdapter[MemberState] = TypeAdapter(MemberState)


def read_member_state(document: dict[str, Any]) -> MemberState:
    """Read a member's state from plain JSON; raises pydantic's ValidationError with the path of everything wrong."""
    return MEMBER_STATE.validate_python(document)


def member_state_json(state: MemberState) -> dict[str, Any]:
    """Write a member's state as plain JSON that `read_member_state` reads back equal."""
    return MEMBER_STATE.dump_python(state, mode="json", exclude_defaults=True)
