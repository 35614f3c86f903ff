"""What a member was shown as new."""

from sqlalchemy.orm import Session

from portal.db import upsert
from portal.members.tables import ShownNews


def note_shown(session: Session, member_id: str, *, up_to: int) -> None:
    """Note that a member was shown their entries up to this number; a page that stood open takes nothing back."""
    known = session.get(ShownNews, member_id)
    if known is None or known.up_to < up_to:
        upsert(session, ShownNews, {"member_id": member_id, "up_to": up_to}, key=["member_id"], held=["up_to"])
