"""Prove standings: each is where its changes lead, and the changes follow one another (I13)."""

from collections.abc import Iterator
from itertools import groupby, pairwise
from operator import attrgetter

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.tiers.tables import TierChange, TierStanding

_MANUAL = ("manual", "manual_ended")


def check_standings(session: Session) -> Iterator[tuple[str, str]]:
    """Give (member_id, what is wrong) of every standing that its history does not explain."""
    standing = {
        row.member_id: row
        for row in session.execute(select(TierStanding.member_id, TierStanding.tier, TierStanding.number))
    }
    columns = (TierChange.member_id, TierChange.number, TierChange.from_tier, TierChange.to_tier, TierChange.cause)
    told = session.execute(select(*columns).order_by(TierChange.member_id, TierChange.number))
    for member_id, rows in groupby(told, key=attrgetter("member_id")):
        changes = list(rows)
        kept = standing.pop(member_id, None)
        if kept is None:
            yield member_id, "its tier changed, and it stands nowhere"
            continue
        if [each.number for each in changes] != list(range(1, kept.number + 1)):
            yield member_id, f"{len(changes)} changes are told, {kept.number} are counted"
        earned = [each for each in changes if each.cause not in _MANUAL]
        if earned and earned[-1].to_tier != kept.tier:
            yield member_id, f"its changes lead to {earned[-1].to_tier}, it stands on {kept.tier}"
        if any(one.to_tier != other.from_tier for one, other in pairwise(earned)):
            yield member_id, "a change does not begin where the one before it led"
    for member_id in standing:
        yield member_id, "it stands on a tier, and no change led there"
