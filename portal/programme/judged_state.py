"""What the rules saw of a buyer, kept with the receipt so that its outcome can be evaluated again."""

from dataclasses import dataclass, replace
from datetime import date
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

    Where a rule relied on the birthday, the receipt's own `day` stands for it, so that the same rules hold again.
    """
    if state.member is None:
        member = None
    else:
        birthday = day if outcome.birthday_used is not None else None
        member = member_state_json(replace(state.member, birthday=birthday, birthday_entered=None))
    return {"member": member, "bearer": _BEARER.dump_python(state.bearer, mode="json", exclude_defaults=True)}


def read_judged_state(document: dict[str, Any]) -> JudgedState:
    """Read a state back."""
    member = document["member"]
    return JudgedState(
        member=None if member is None else read_member_state(member), bearer=_BEARER.validate_python(document["bearer"])
    )
