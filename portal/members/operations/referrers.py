"""Who brought a member, and who stands above that one: settled at joining, for life (domain.md §5.2)."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.members.tables import Member
from portal.rulebook.chain import upline
from portal.rulebook.effects.base import MOST_LEVELS

_COLUMNS = ("referrer_id", "second_referrer_id", "third_referrer_id")


class UnknownReferrer(Refused):
    code = "unknown-referrer"
    text = "There is no such referrer."


def check_referrer(session: Session, referrer_id: str | None) -> None:
    """Raise `UnknownReferrer` for an id that is no member's."""
    if referrer_id and session.scalar(select(Member.id).where(Member.id == referrer_id)) is None:
        raise UnknownReferrer


def referrers(session: Session, member_id: str, referrer_id: str | None) -> dict[str, str | None]:
    """Return the columns that name those above a member whom `referrer_id` brings."""

    def above(other: str) -> str | None:
        if other == member_id:
            return referrer_id
        return session.scalar(select(Member.referrer_id).where(Member.id == other))

    chain = upline(member_id, above, levels=MOST_LEVELS)
    return dict(zip(_COLUMNS, (*chain, *(None for _ in _COLUMNS)), strict=False))


def bring(session: Session, member_id: str, *, referrer_id: str | None, referred_by: str | None) -> None:
    """Note who or what brought a new member. Raises `UnknownReferrer`."""
    check_referrer(session, referrer_id)
    told = {**referrers(session, member_id, referrer_id), "referred_by": referred_by}
    session.execute(update(Member).where(Member.id == member_id).values(told))


def unbring(session: Session, member_id: str) -> None:
    """Take a referrer away that should never have been one; those below the member lose them too.

    What was earned until now stays: whoever decides so corrects it by hand.
    """
    alone = dict.fromkeys((*_COLUMNS, "referred_by"))
    session.execute(update(Member).where(Member.id == member_id).values(alone))
    second = update(Member).where(Member.referrer_id == member_id)
    session.execute(second.values(second_referrer_id=None, third_referrer_id=None))
    session.execute(update(Member).where(Member.second_referrer_id == member_id).values(third_referrer_id=None))
