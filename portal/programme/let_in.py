"""A browser is let in: signed in with a card key of its own, and the member told when it is not the first one."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.members.browsers import browser_label
from portal.members.operations.sessions import OpenedSession, open_session
from portal.members.queries.sessions import signed_in_before
from portal.programme.notices import Notice, announce


def let_in(session: Session, member_id: str, *, user_agent: str, now: datetime) -> OpenedSession:
    """Sign a browser in. Whoever signed in before is told of it: it may be somebody else (security.md §2)."""
    known = signed_in_before(session, member_id)
    opened = open_session(session, member_id, user_agent=user_agent, now=now)
    if known:
        facts = {"browser": browser_label(user_agent), "at": now.isoformat(timespec="seconds")}
        batch = Batch()
        announce(batch, member_id, [Notice(kind="new_device", cause=opened.id, facts=facts, at=now)], now=now)
        batch.flush(session)
    return opened
