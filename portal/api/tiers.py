"""A member's tier: told with what is left, given by hand for a time (domain.md §4)."""

from typing import Annotated

from pydantic import Field, Strict, StringConstraints, model_validator

from portal.api.api import api
from portal.api.deeds import note_deed
from portal.api.keys import Caller
from portal.api.repeats import once
from portal.api.values import Document, Instant
from portal.members.lookup import by_id
from portal.programme.answers import TierAnswer
from portal.programme.command import Answered
from portal.programme.give_tier import GivenTier, give_tier
from portal.programme.member_tier import TierTold, tell_tier
from portal.programme.show_member import find_member
from portal.web.transactions import session


class TierBody(Document):
    """A tier and until when, with a reason; both null take back the one given before."""

    tier: Annotated[str, Strict(), StringConstraints(min_length=1, max_length=100)] | None
    until: Instant | None
    reason: Annotated[str, Strict(), Field(min_length=1, max_length=500)]

    @model_validator(mode="after")
    def _end_what_is_given(self) -> "TierBody":
        if (self.tier is None) != (self.until is None):
            raise ValueError("`tier` and `until` are given together, or neither")
        return self


@api.operation(
    "GET",
    "/members/<member_id>/tier",
    summary="Tell a member's tier",
    scopes=("till", "shop", "crm", "admin"),
    answers={200: TierTold},
    nature="reads",
)
def show_tier(caller: Caller, *, member_id: str) -> TierTold:
    """Return where a member stands, what is left to the next tier, and the last changes, the newest first."""
    known = find_member(session(), by_id(member_id))
    return tell_tier(session(), known.id, language=caller.command().language, now=caller.now)


@api.operation(
    "POST",
    "/members/<member_id>/tier",
    summary="Give a tier for a time",
    scopes=("crm", "admin"),
    body=TierBody,
    answers={200: TierAnswer},
    nature="commands",
)
def give_member_tier(caller: Caller, *, member_id: str, body: TierBody) -> Answered[TierAnswer]:
    """Let a member stand on a tier above the earned one until an instant, or take it back."""

    def give() -> Answered[TierAnswer]:
        known = find_member(session(), by_id(member_id))
        given = GivenTier(tier=body.tier, until=body.until, reason=body.reason)
        answer = give_tier(session(), known.id, given, command=caller.command())
        note_deed(caller, "tier.given", subject="member", subject_id=known.id, tier=body.tier, stands=answer.id)
        return Answered(answer, 200, replayed=False)

    return once(caller, give, TierAnswer, name=f"tier {member_id}", body=body)
