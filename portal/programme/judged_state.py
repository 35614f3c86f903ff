"""What the rules saw of a buyer, kept with the receipt so that its outcome can be evaluated again."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from pydantic import TypeAdapter

from portal.rulebook.member_state import HeldCoupon, MemberState, member_state_json, read_member_state
from portal.rulebook.outcome import Outcome

_BEARER: TypeAdapter[tuple[HeldCoupon, ...]] = TypeAdapter(tuple[HeldCoupon, ...])


@dataclass(frozen=True, slots=True)
class JudgedState:
    """The member (None: a guest) and the coupons that were good for whoever showed them."""

    member: MemberState | None
    bearer: tuple[HeldCoupon, ...]


def judged_state_json(state: JudgedState, outcome: Outcome, *, day: date) -> dict[str, Any]:
    """Write a state as plain JSON without the birthday: receipts are kept for ever, also of those who are forgotten.

    Another day stands for it by which the same rules hold on the receipt's `day`: the outcome comes out the same.
    """
    member = None if state.member is None else member_state_json(_forgotten(state.member, outcome, day=day))
    bearer = _BEARER.dump_python(state.bearer, mode="json", exclude_defaults=True) if state.bearer else []
    return {"member": member, "bearer": bearer}


def _forgotten(member: MemberState, outcome: Outcome, *, day: date) -> MemberState:
    if member.birthday is None and member.birthday_entered is None:
        return member
    birthday = member.birthday and _stand_in(outcome.birthday_used, day=day)
    used = tuple(year for year in member.birthdays_used if year != outcome.birthday_used)
    return replace(member, birthday=birthday, birthday_entered=None, birthdays_used=used)


def _stand_in(used: int | None, *, day: date) -> date:
    """Return a day within every window around a birthday that was used, or without every window where none was.

    Windows reach 180 days to either side at most, so half a year away is outside them all.
    """
    if used is None:
        return day + timedelta(days=182)
    if used == day.year:
        return day
    return date(used, 1, 1) if used > day.year else date(used, 12, 31)


def read_judged_state(document: dict[str, Any]) -> JudgedState:
    """Read a state back."""
    member = document["member"]
    return JudgedState(
        member=None if member is None else read_member_state(member), bearer=_BEARER.validate_python(document["bearer"])
    )
