"""Referrals a person should look at: what made them so, and what follows from the decision (domain.md §5.2)."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.members import operations as members
from portal.receipts.queries.meetings import met_at_a_till
from portal.referrals import operations as referrals
from portal.referrals.queries import recent_joinings

MET_WITHIN = timedelta(minutes=10)
LOOKED_BACK = timedelta(days=60)


def look_for_signals(session: Session, *, now: datetime) -> int:
    """Put on the list those who bought at one till within ten minutes of whoever brought them; return how many.

    It proves nothing by itself: 6 % of a household's own receipts are so close.
    """
    pairs = recent_joinings(session, since=now - LOOKED_BACK)
    met = met_at_a_till(session, pairs, within=MET_WITHIN, since=now - LOOKED_BACK)
    for member_id, referrer_id in met:
        referrals.open_review(session, member_id, referrer_id, signal="same_till", now=now)
    return len(met)


def decide_referral(session: Session, review_id: str, *, keeps: bool, by: str, now: datetime) -> str:
    """Keep a referral, or refuse it: then nobody brought the member, and no later purchase rewards anybody.

    What was earned before stays until somebody corrects it. Returns the member's id; raises `UnknownReview` or
    `AlreadyDecided`.
    """
    member_id = referrals.decide_review(session, review_id, keeps=keeps, by=by, now=now)
    if not keeps:
        members.unbring(session, member_id)
    return member_id
