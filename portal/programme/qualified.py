"""Friends a member brought who count for the ladder: accepted, and with a purchase that stands (domain.md §4.1)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.receipts.queries.bought import first_bought
from portal.referrals.queries import brought_between, brought_by_each


def qualified_friends(
    session: Session, member_ids: Collection[str], *, as_of: datetime | None = None
) -> dict[str, tuple[datetime, ...]]:
    """Return when the first purchase of each friend was made that was not brought back whole, by who brought them.

    What was brought back from `as_of` on stood then; without it nothing that was brought back stands.
    """
    found: dict[str, tuple[datetime, ...]] = {}
    for referrer, at in session.execute(first_bought(brought_by_each(member_ids), as_of=as_of)):
        found[referrer or ""] = (*found.get(referrer or "", ()), at)
    return found


def friends_sums(
    *, since: datetime | None, until: datetime, after: str, through: str | None, as_of: datetime | None = None
) -> Select[*tuple[str | None, int]]:
    """Return a select of (member_id, friends) of those whose friends made their first purchase in a stretch of time.

    It looks at members whose id lies after `after` and not after `through` (None: at all of them).
    """
    first = first_bought(brought_between(after, through), as_of=as_of).subquery()
    counted = select(first.c[0], func.count()).where(first.c[1] < until).group_by(first.c[0])
    return counted if since is None else counted.where(first.c[1] >= since)
