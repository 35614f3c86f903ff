"""Reads of push."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.push.tables import Subscription


def subscribed(session: Session, member_id: str) -> bool:
    """Tell whether a member has a browser that takes notes."""
    found = select(Subscription.id).where(Subscription.member_id == member_id).limit(1)
    return session.scalar(found) is not None
