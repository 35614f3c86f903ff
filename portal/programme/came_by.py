"""What a newcomer came by: a code typed in, or the last invitation opened in their browser (domain.md §5.2)."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.members.lookup import by_id
from portal.members.queries import find_person
from portal.referrals.queries import Invitation, find_invitation


class UnknownInvite(Refused):
    code = "unknown-invite"
    text = "Nobody has this code. Check it, or leave the field empty."


@dataclass(frozen=True, slots=True)
class Click:
    """An invitation opened: the last part of its address, and when."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CameBy:
    """What the door knows. `device` is the browser's random mark, `address` where it joins from; "" for none."""

    code: str = ""
    first: Click | None = None
    last: Click | None = None
    device: str = field(default="", repr=False)
    address: str = field(default="", repr=False)


NOTHING = CameBy()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The invitation that counts. `opened_at` is when its link was last opened, None for a typed code."""

    invitation: Invitation
    came_by: CameBy

    @property
    def typed(self) -> bool:
        return bool(self.came_by.code)

    @property
    def opened_at(self) -> datetime | None:
        return None if self.typed or self.came_by.last is None else self.came_by.last.at


def find_came_by(session: Session, came_by: CameBy) -> Found | None:
    """Return the invitation: a typed code wins over a link, the last link opened over earlier ones.

    A link that leads nowhere any more is as none; a typed code that does is refused. Raises `UnknownInvite`.
    """
    text = came_by.code or (came_by.last.text if came_by.last else "")
    invitation = find_living(session, text) if text else None
    if invitation is None:
        if came_by.code:
            raise UnknownInvite
        return None
    return Found(invitation=invitation, came_by=came_by)


def find_living(session: Session, text: str) -> Invitation | None:
    """Return what a slug or a code leads to, as long as whoever invites is a member."""
    invitation = find_invitation(session, text)
    if invitation is None or invitation.referrer_id is None:
        return invitation
    inviter = find_person(session, by_id(invitation.referrer_id))
    return invitation if inviter is not None and inviter.active else None
