"""Whom the shop's own references mean: what an import goes by."""

from collections.abc import Collection

from sqlalchemy import BindParameter, Select, select
from sqlalchemy.orm import Session

from portal.members.tables import Identity, Member


def ids_among(ids: BindParameter[str]) -> Select[str]:
    """Return a select of those of some ids that are members'."""
    return select(Member.id).where(Member.id.in_(ids))


def ids_by_reference(session: Session, references: Collection[str]) -> dict[str, str]:
    """Return the member's id for each of the shop's references that is known."""
    known = select(Identity.external, Identity.member_id).where(Identity.external.in_(references))
    return {external: member_id for external, member_id in session.execute(known) if external is not None}


def reference_of(session: Session, member_id: str) -> str | None:
    """Return the shop's own reference of a member; None when it has none."""
    return session.scalar(select(Identity.external).where(Identity.member_id == member_id))
