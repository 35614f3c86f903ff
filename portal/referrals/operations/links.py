"""The shop's own links: made once, their costs told later."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import insert, or_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.ids import new_id
from portal.referrals.link import Link, LinkTerms
from portal.referrals.queries import find_invitation
from portal.referrals.tables import InviteLink


class LinkTaken(Refused):
    code = "link-taken"
    status = 409
    text = "There is a link or a code of this name already. Choose another."


def make_link(session: Session, terms: LinkTerms, *, now: datetime) -> Link:
    """Make a link. Raises `LinkTaken` and what `LinkTerms.check` raises."""
    terms.check()
    if find_invitation(session, terms.slug) is not None:
        raise LinkTaken
    link_id, row = new_id(now), asdict(terms)
    row |= row.pop("marks")
    try:
        with session.begin_nested():
            session.execute(insert(InviteLink).values(id=link_id, made_at=now, joins=0, **row))
    except IntegrityError:
        raise LinkTaken from None
    return Link(id=link_id, terms=terms, joins=0, made_at=now)


def set_cost(session: Session, link_id: str, cost_minor: int) -> None:
    """Note what a link has cost until now, in minor units."""
    session.execute(update(InviteLink).where(InviteLink.id == link_id).values(cost_minor=cost_minor))


def count_join(session: Session, link_id: str) -> bool:
    """Count one more who joined by a link; False, and nothing is counted, when its limit is reached."""
    room = or_(InviteLink.join_limit.is_(None), InviteLink.joins < InviteLink.join_limit)
    counted = update(InviteLink).where(InviteLink.id == link_id, room).values(joins=InviteLink.joins + 1)
    return session.execute(counted.returning(InviteLink.id)).one_or_none() is not None
