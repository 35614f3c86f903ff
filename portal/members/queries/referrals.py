"""Members by who brought them."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.members.names import first_name
from portal.members.tables import Identity, Member


def first_names(session: Session, member_ids: Collection[str]) -> dict[str, str]:
    """Return how these members are greeted; forgotten ones are not in it."""
    named = select(Identity.member_id, Identity.name).where(Identity.member_id.in_(member_ids))
    return {member_id: first_name(name) for member_id, name in session.execute(named)}


def count_below(session: Session, member_id: str) -> tuple[int, int]:
    """Count members brought by those whom a member brought, and those whom these brought."""
    levels = (Member.second_referrer_id, Member.third_referrer_id)
    second, third = (
        session.scalar(select(func.count()).select_from(Member).where(level == member_id)) or 0 for level in levels
    )
    return second, third


def clients_of(session: Session, agent_id: str) -> list[tuple[str, str]]:
    """Return (member, first name) of an agent's clients who are members still, by name."""
    clients = (
        select(Member.id, Identity.name)
        .join(Identity, Identity.member_id == Member.id)
        .where(Member.agent_id == agent_id, Member.state == "active")
        .order_by(Identity.name, Member.id)
    )
    return [(member_id, first_name(name)) for member_id, name in session.execute(clients)]
