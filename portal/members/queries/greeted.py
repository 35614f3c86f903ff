"""How members are greeted by the card that they show."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.members.names import first_name
from portal.members.tables import Identity, Member


def names_by_card(session: Session, member_ids: Sequence[str]) -> dict[str, str]:
    """Return first names by card number; who left, or gave no name, is not among them."""
    named = (
        select(Member.card_number, Identity.name)
        .join(Identity, Identity.member_id == Member.id)
        .where(Member.id.in_(member_ids), Member.state == "active", Member.card_number.is_not(None))
    )
    return {card: first for card, name in session.execute(named) if card and (first := first_name(name or ""))}
