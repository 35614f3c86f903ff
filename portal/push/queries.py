"""Reads of push."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from portal.db import json_rows
from portal.members.queries.sessions import living_sessions
from portal.push.browser import Keys
from portal.push.tables import Subscription


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser that takes notes."""

    id: str
    keys: Keys

    @property
    def mark(self) -> str:
        """What tells this address from another and does not give it away; a browser makes the same of its own."""
        return hashlib.sha256(self.keys.endpoint.encode()).hexdigest()[:16]


_MEMBERS = json_rows("members", "id")
_OF_MEMBERS = (
    select(Subscription.member_id, Subscription.id, Subscription.session_id)
    .join(_MEMBERS, Subscription.member_id == _MEMBERS.c.id)
    .order_by(Subscription.id)
)
_BROWSERS = select(
    Subscription.id, Subscription.session_id, Subscription.endpoint, Subscription.p256dh, Subscription.auth
)


def browsers_of(session: Session, member_ids: Iterable[str], *, now: datetime) -> dict[str, tuple[str, ...]]:
    """Return the ids of the browsers of those of these members who have one that takes notes."""
    rows = session.execute(_OF_MEMBERS, {"members": [[each] for each in member_ids]}).all()
    living = living_sessions(session, [row.session_id for row in rows], now=now) if rows else set()
    reached = {row.member_id for row in rows if row.session_id in living}
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        if row.member_id in reached:
            found[row.member_id] = (*found.get(row.member_id, ()), row.id)
    return found


def subscribed(session: Session, member_id: str, *, now: datetime) -> bool:
    """Tell whether a member has a browser that takes notes."""
    return bool(browsers_of(session, [member_id], now=now))


def find_browser(session: Session, session_id: str) -> Browser | None:
    """Return what a signed-in browser takes notes by; None when it takes none."""
    row = session.execute(_BROWSERS.where(Subscription.session_id == session_id)).one_or_none()
    return _browser(row) if row else None


def find_browsers(session: Session, browser_ids: Iterable[str], *, now: datetime) -> dict[str, Browser]:
    """Return those of these browsers that still take notes: whoever was signed out takes none."""
    rows = session.execute(_BROWSERS.where(Subscription.id.in_(list(browser_ids)))).all()
    living = living_sessions(session, [row.session_id for row in rows], now=now)
    return {row.id: _browser(row) for row in rows if row.session_id in living}


def _browser(row: Row[str, str, str, str, str]) -> Browser:
    return Browser(row.id, Keys(endpoint=row.endpoint, p256dh=row.p256dh, auth=row.auth))
