"""Referrals that a person should look at: noted once for each signal, decided once."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.db import upsert
from portal.errors import Refused
from portal.ids import new_id
from portal.referrals.tables import Joining, ReferralReview


class UnknownReview(Refused):
    code = "unknown-review"
    status = 404
    text = "There is no such referral to look at."


class AlreadyDecided(Refused):
    code = "already-decided"
    status = 409
    text = "Somebody decided about this referral already."


def open_review(session: Session, member_id: str, referrer_id: str | None, *, signal: str, now: datetime) -> None:
    """Put a referral on the list; one that stands there, or was decided about, stays as it is."""
    row = {"id": new_id(now), "member_id": member_id, "referrer_id": referrer_id, "signal": signal}
    row |= {"state": "open", "opened_at": now}
    upsert(session, ReferralReview, row, key=("member_id", "signal"), held=("signal",))


def decide_review(session: Session, review_id: str, *, keeps: bool, by: str, now: datetime) -> str:
    """Note what a person decided and return whose joining it is; refused, it does not count any more.

    Raises `UnknownReview` or `AlreadyDecided`.
    """
    member_id = session.scalar(select(ReferralReview.member_id).where(ReferralReview.id == review_id))
    if member_id is None:
        raise UnknownReview
    state = "cleared" if keeps else "refused"
    decided = update(ReferralReview).where(ReferralReview.id == review_id, ReferralReview.state == "open")
    told = decided.values(state=state, decided_at=now, decided_by=by).returning(ReferralReview.id)
    if session.execute(told).one_or_none() is None:
        raise AlreadyDecided
    if not keeps:
        session.execute(update(Joining).where(Joining.member_id == member_id).values(decision="refused"))
    return member_id
