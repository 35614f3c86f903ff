"""Sign-ins: opened, made fresh, seen, ended. The card key of a browser lives and ends with its sign-in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import case, delete, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from portal.db import Instant
from portal.ids import new_id
from portal.members.browsers import browser_label
from portal.members.keyed import new_token, token_hash
from portal.members.operations.devices import enrol_device, revoke_devices
from portal.members.tables import CardDevice, LoginSession
from portal.members.terms import SESSION_TERMS, SessionTerms


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """The token for the cookie; only its hash is kept."""

    id: str
    token: str = field(repr=False)


def open_session(
    session: Session, member_id: str, *, user_agent: str, now: datetime, terms: SessionTerms = SESSION_TERMS
) -> OpenedSession:
    """Sign a browser in, give it a card key, and end the sign-in not seen for longest when there are too many."""
    opened = OpenedSession(id=new_id(now), token=new_token())
    row = {
        "id": opened.id,
        "token_hash": token_hash(opened.token),
        "member_id": member_id,
        "label": browser_label(user_agent),
        "created_at": now,
        "seen_at": now,
        "open_until": now + terms.open,
        "fresh_until": now + terms.fresh,
        "ends_at": now + terms.lasts,
    }
    session.execute(insert(LoginSession).values(row))
    enrol_device(session, member_id, session_id=opened.id, now=now)
    _end_surplus(session, member_id, now=now, terms=terms)
    return opened


def freshen_session(
    session: Session, session_id: str, *, now: datetime, terms: SessionTerms = SESSION_TERMS
) -> OpenedSession:
    """Give a sign-in a new token after a code was typed again; the old token stops working."""
    opened = OpenedSession(id=session_id, token=new_token())
    values = {
        "token_hash": token_hash(opened.token),
        "seen_at": now,
        "open_until": now + terms.open,
        "fresh_until": now + terms.fresh,
    }
    living = update(LoginSession).where(LoginSession.id == session_id, LoginSession.revoked_at.is_(None))
    session.execute(living.values(values))
    return opened


def see_session(session: Session, session_id: str, *, now: datetime, terms: SessionTerms = SESSION_TERMS) -> None:
    """Note a visit. Private pages stay open for another while only if they still were: a visit never opens them."""
    open_until = case(
        (LoginSession.open_until > now, literal(now + terms.open, Instant)), else_=LoginSession.open_until
    )
    due = update(LoginSession).where(LoginSession.id == session_id, LoginSession.seen_at <= now - terms.seen_every)
    session.execute(due.values(seen_at=now, open_until=open_until))


def revoke_session(session: Session, member_id: str, session_id: str, *, now: datetime) -> None:
    """End one sign-in of a member; another member's or an ended one is left as it is."""
    _revoke(session, [session_id], member_id=member_id, now=now)


def revoke_sessions(session: Session, member_id: str, *, keep: str | None, now: datetime) -> None:
    """End every sign-in of a member but one."""
    living = select(LoginSession.id).where(LoginSession.member_id == member_id, LoginSession.revoked_at.is_(None))
    _revoke(session, [found for found in session.scalars(living) if found != keep], member_id=member_id, now=now)


def forget_sessions(session: Session, *, ended_before: datetime, terms: SessionTerms = SESSION_TERMS) -> int:
    """Delete sign-ins that ended before a moment, with their card keys; return how many."""
    ended = or_(
        LoginSession.revoked_at < ended_before,
        LoginSession.ends_at < ended_before,
        LoginSession.seen_at < ended_before - terms.idle,
    )
    gone = select(LoginSession.id).where(ended)
    session.execute(delete(CardDevice).where(CardDevice.session_id.in_(gone)))
    return len(session.execute(delete(LoginSession).where(ended).returning(LoginSession.id)).all())


def _end_surplus(session: Session, member_id: str, *, now: datetime, terms: SessionTerms) -> None:
    oldest = (
        select(LoginSession.id)
        .where(LoginSession.member_id == member_id, LoginSession.revoked_at.is_(None))
        .order_by(LoginSession.seen_at.desc(), LoginSession.id.desc())
        .offset(terms.at_most)
    )
    _revoke(session, session.scalars(oldest).all(), member_id=member_id, now=now)


def _revoke(session: Session, session_ids: Sequence[str], *, member_id: str, now: datetime) -> None:
    if not session_ids:
        return
    living = update(LoginSession).where(
        LoginSession.id.in_(session_ids), LoginSession.member_id == member_id, LoginSession.revoked_at.is_(None)
    )
    ended = session.scalars(living.values(revoked_at=now).returning(LoginSession.id)).all()
    revoke_devices(session, ended, now=now)
