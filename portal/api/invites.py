"""A member's invitation, for the shop's own app: the code, the link, and what it has brought."""

from dataclasses import dataclass

from portal.api.api import api
from portal.api.keys import Caller
from portal.api.repeats import once
from portal.members.lookup import by_id
from portal.members.operations import MemberLeft
from portal.programme.command import Answered
from portal.programme.invite_friends import Invited, invitation_of
from portal.programme.show_member import find_member
from portal.referrals.operations import own_code
from portal.web.settings import settings
from portal.web.transactions import session


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteAnswer:
    """The code to say, and the address that leads to joining; both stay the same until the member chooses a code."""

    member_id: str
    code: str
    link: str


@api.operation(
    "POST",
    "/members/<member_id>/invite",
    summary="Give a member's invitation",
    scopes=("till", "shop", "crm", "admin"),
    answers={200: InviteAnswer},
    nature="commands",
)
def give_invite(caller: Caller, *, member_id: str) -> Answered[InviteAnswer]:
    """Return the code and the link by which a member invites; the code is drawn when it is first asked for."""

    def give() -> Answered[InviteAnswer]:
        known = find_member(session(), by_id(member_id))
        if not known.active:
            raise MemberLeft
        code = own_code(session(), known.id, now=caller.now)
        answer = InviteAnswer(member_id=known.id, code=code, link=f"{settings().origin}/i/{code}")
        return Answered(answer, 200, replayed=False)

    return once(caller, give, InviteAnswer, name=f"invite {member_id}", body=None)


@api.operation(
    "GET",
    "/members/<member_id>/invite",
    summary="Tell what an invitation brought",
    scopes=("till", "shop", "crm", "admin"),
    answers={200: Invited},
    nature="reads",
)
def show_invite(caller: Caller, *, member_id: str) -> Invited:
    """Count who opened a member's invitation, joined and bought, and the points that came of it."""
    known = find_member(session(), by_id(member_id))
    return invitation_of(session(), known.id, now=caller.now)
