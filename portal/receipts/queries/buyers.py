"""Who has bought something already."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.receipts.tables import Receipt


def have_bought(session: Session, member_ids: Collection[str]) -> set[str]:
    """Return those of some members who have a receipt, returned ones included."""
    if not member_ids:
        return set()
    theirs = select(Receipt.member_id).where(Receipt.member_id.in_(member_ids)).distinct()
    return {member_id for member_id in session.scalars(theirs) if member_id is not None}
