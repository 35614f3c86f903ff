"""Reads of sign-ins and of the phones that draw the card."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, func, select
from sqlalchemy.orm import Session

from portal.db import Direct, Instant, epoch
from portal.members.keyed import token_hash
from portal.members.rotating_code import MAX_BAD_MACS, DeviceKey
from portal.members.tables import CardDevice, LoginSession, Member
from portal.members.terms import SESSION_TERMS, SessionTerms

SIGN_IN_COLUMNS = 6


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who a browser belongs to. `open` lets private pages be seen, `fresh` what needs a code just typed.

    `to_be_seen` asks the door to call `operations.see_session` once in a while, in a writing transaction of its own.
    """

    session_id: str
    member_id: str
    language: str
    open: bool
    fresh: bool
    to_be_seen: bool


@dataclass(frozen=True, slots=True)
class ListedSession:
    """A line of the list of devices that a member may end one by one.

    One that `has_card` was given the key to draw the card without a network; a `card_locked` one earns and does not
    spend until it is opened with a network.
    """

    id: str
    label: str
    created_at: datetime
    seen_at: datetime
    has_card: bool
    card_locked: bool


def sign_in_and(*beside: ColumnElement[Any]) -> Direct:
    """Return a read of a living sign-in, given what `asked_by` returns, for `read_sign_in`; with columns beside it."""
    return Direct(_living(*beside))


def member_signed_in() -> ColumnElement[str]:
    """Return the column with the member whose sign-in such a read is about, for the columns beside it."""
    return LoginSession.__table__.c.member_id


def asked_by(token: str, *, now: datetime, terms: SessionTerms = SESSION_TERMS) -> dict[str, Any]:
    """Return the values that a read of the sign-in of this token is given."""
    return {"token_hash": token_hash(token), "now": epoch(now), "idle_since": epoch(now - terms.idle)}


def read_sign_in(row: Sequence[Any], *, now: datetime, terms: SessionTerms = SESSION_TERMS) -> SignedIn:
    """Read the first columns of a row of such a read."""
    session_id, member_id, language, open_until, fresh_until, seen_at = row[:SIGN_IN_COLUMNS]
    at = epoch(now)
    return SignedIn(
        session_id=session_id,
        member_id=member_id,
        language=language,
        open=open_until > at,
        fresh=fresh_until > at,
        to_be_seen=seen_at <= epoch(now - terms.seen_every),
    )


def _living(*beside: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            LoginSession.id,
            LoginSession.member_id,
            Member.language,
            LoginSession.open_until,
            LoginSession.fresh_until,
            LoginSession.seen_at,
            *beside,
        )
        .join(Member, Member.id == LoginSession.member_id)
        .where(
            LoginSession.token_hash == bindparam("token_hash", type_=String),
            LoginSession.revoked_at.is_(None),
            LoginSession.ends_at > bindparam("now", type_=Instant),
            LoginSession.seen_at > bindparam("idle_since", type_=Instant),
            Member.state == "active",
        )
    )


_SIGN_IN = sign_in_and()


def find_session(
    session: Session, token: str, *, now: datetime, terms: SessionTerms = SESSION_TERMS
) -> SignedIn | None:
    """Return who signed in with this token; None when it ended, was revoked, or the member left."""
    row = _SIGN_IN.first(session, asked_by(token, now=now, terms=terms))
    return read_sign_in(row, now=now, terms=terms) if row else None


def living_sessions(
    session: Session, session_ids: Iterable[str], *, now: datetime, terms: SessionTerms = SESSION_TERMS
) -> set[str]:
    """Return which of these sign-ins still work."""
    living = select(LoginSession.id).where(
        LoginSession.id.in_(list(session_ids)),
        LoginSession.revoked_at.is_(None),
        LoginSession.ends_at > now,
        LoginSession.seen_at > now - terms.idle,
    )
    return set(session.scalars(living))


def list_sessions(
    session: Session, member_id: str, *, now: datetime, terms: SessionTerms = SESSION_TERMS
) -> list[ListedSession]:
    """Return the sign-ins that still work, the last seen first."""
    statement = (
        select(
            LoginSession.id,
            LoginSession.label,
            LoginSession.created_at,
            LoginSession.seen_at,
            CardDevice.handed_at.is_not(None),
            func.coalesce(CardDevice.bad_macs, 0) >= MAX_BAD_MACS,
        )
        .outerjoin(CardDevice, and_(CardDevice.session_id == LoginSession.id, CardDevice.revoked_at.is_(None)))
        .where(
            LoginSession.member_id == member_id,
            LoginSession.revoked_at.is_(None),
            LoginSession.ends_at > now,
            LoginSession.seen_at > now - terms.idle,
        )
        .order_by(LoginSession.seen_at.desc(), LoginSession.id)
    )
    return [ListedSession(*row) for row in session.execute(statement)]


def signed_in_before(session: Session, member_id: str) -> bool:
    """Tell whether a member has or had a sign-in that is still remembered."""
    return session.scalar(select(LoginSession.id).where(LoginSession.member_id == member_id).limit(1)) is not None


def find_card_device(session: Session, session_id: str) -> DeviceKey | None:
    """Return the key this browser draws the card with; None when it has none or it was revoked."""
    statement = select(CardDevice.id, CardDevice.key, CardDevice.bad_macs).where(
        CardDevice.session_id == session_id, CardDevice.revoked_at.is_(None)
    )
    row = session.execute(statement).one_or_none()
    return DeviceKey(id=row.id, key=bytes.fromhex(row.key), bad_macs=row.bad_macs) if row else None
