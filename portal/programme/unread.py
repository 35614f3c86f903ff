"""How many messages a member has not read, for the bell of a page: found in the one statement of the sign-in."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.members.queries.sessions import (
    SIGN_IN_COLUMNS,
    SignedIn,
    asked_by,
    member_signed_in,
    read_sign_in,
    sign_in_and,
)
from portal.notifications.queries import unread_column

_UNREAD = sign_in_and(unread_column(member_signed_in()))


def find_unread(session: Session, token: str, *, now: datetime) -> tuple[SignedIn, int] | None:
    """Return who signed in with this token, and how many messages wait for them; None as `find_session` does."""
    row = _UNREAD.first(session, asked_by(token, now=now))
    return (read_sign_in(row, now=now), row[SIGN_IN_COLUMNS]) if row else None
