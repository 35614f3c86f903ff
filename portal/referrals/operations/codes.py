"""A member's own code: drawn when it is first asked for, changed once."""

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.referrals.codes import folded, new_code, read_chosen
from portal.referrals.queries import code_of, find_invitation
from portal.referrals.tables import InviteCode

_ATTEMPTS = 8  # each fails only when a random number of 90 million is taken


class CodeTaken(Refused):
    code = "invite-code-taken"
    status = 409
    text = "This code is somebody's already. Choose another."


class CodeChosenBefore(Refused):
    code = "invite-code-chosen"
    status = 409
    text = "A code can be changed once, and yours was."


def own_code(session: Session, member_id: str, *, now: datetime) -> str:
    """Return a member's code as it is shown; draws one for somebody who has none."""
    for _ in range(_ATTEMPTS):
        if known := code_of(session, member_id):
            return known[0]
        _add(session, member_id, new_code(), number=1, now=now)
    raise RuntimeError("no free invite code was found")


def choose_code(session: Session, member_id: str, text: str, *, now: datetime) -> str:
    """Give a member a code of their own choice; the first one still leads to them.

    Raises `WrongInviteCode`, `CodeTaken` or `CodeChosenBefore`.
    """
    shown = read_chosen(text)
    own_code(session, member_id, now=now)
    known = code_of(session, member_id)
    if known and known[1]:
        raise CodeChosenBefore
    if find_invitation(session, shown) is not None or not _add(session, member_id, shown, number=2, now=now):
        raise CodeTaken
    return shown


def _add(session: Session, member_id: str, shown: str, *, number: int, now: datetime) -> bool:
    row = {"code": folded(shown), "shown": shown, "member_id": member_id, "number": number, "made_at": now}
    try:
        with session.begin_nested():
            session.execute(insert(InviteCode).values(row))
    except IntegrityError:
        return False
    return True
