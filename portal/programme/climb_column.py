"""A member's climb as one column, for screens that read it together with everything else."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, bindparam, select
from sqlalchemy.orm import Session

from portal.db import Id, Instant, epoch, json_tuple
from portal.members.queries.references import ids_among
from portal.programme.climbing import EVER, Climb, find_climb, needed_since
from portal.programme.past_deeds import ReadAhead, friends_counted
from portal.programme.rulebooks import tiers_since
from portal.receipts import queries as receipts
from portal.rulebook.document import Rulebook
from portal.rulebook.tiers import GivenBack, Ladder
from portal.rulebook.tiers.ladder import ByPeriod
from portal.tiers import queries as tiers
from portal.tiers.stored import Stored

KEPT_SINCE = "kept_since"
"""The name of the value that says since when single purchases are read: `epoch(tiers_since(now))`."""


def climb_column(member_id: ColumnElement[Any], *, at: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a JSON expression with all that a climb is made of, for `read_climb`; it takes a value `KEPT_SINCE`."""
    since = bindparam(KEPT_SINCE, type_=BigInteger)
    return json_tuple(
        tiers.standing_column(member_id, at=at),
        receipts.totals_column(member_id),
        receipts.kept_column(member_id, since=since),
    )


def read_climb(
    session: Session,
    rulebook: Rulebook,
    member_id: str,
    row: Any,
    *,
    since: datetime,
    at: datetime,
    ahead: ReadAhead | None = None,
) -> Climb | None:
    """Read what `climb_column` gave; None without a ladder. `since` is the value that was asked with.

    What was not read `ahead` is read now, where the ladder asks for it.
    """
    standing, totals, kept = row
    return find_climb(
        session,
        rulebook,
        member_id,
        stored=tiers.read_standing(standing),
        totals=receipts.read_totals(totals),
        kept=receipts.read_kept(kept),
        since=since,
        at=at,
        ahead=ahead,
    )


def climbs_of(
    session: Session, rulebook: Rulebook, member_ids: Sequence[str], *, at: datetime
) -> Iterator[tuple[str, Climb]]:
    """Read the climbs of many members at once, in the order of ids; nobody's without a ladder."""
    if rulebook.tiers is None or not member_ids:
        return
    since = _since_for_all(session, rulebook.tiers, zone=rulebook.zone, at=at)
    friends = friends_counted(session, rulebook.tiers, member_ids, as_of=at)
    refunds = _refunds_since_judged(session, rulebook.tiers, member_ids)
    member_id = ids_among(bindparam("ids", expanding=True, type_=Id)).cte("wanted").c.id
    column = climb_column(member_id, at=bindparam("at", type_=Instant))
    values = {"ids": list(member_ids), "at": at, KEPT_SINCE: epoch(since)}
    for found, row in session.execute(select(member_id, column.label("climb")).order_by(member_id), values).all():
        ahead = ReadAhead(friends=friends.get(found, ()), refunds=refunds.get(found, ()))
        climb = read_climb(session, rulebook, found, row, since=since, at=at, ahead=ahead)
        if climb is not None:
            yield found, climb


def _since_for_all(session: Session, ladder: Ladder, *, zone: ZoneInfo, at: datetime) -> datetime:
    """Return since when single purchases matter to anybody, periods included that nobody was judged for yet."""
    judged = tiers.walked_through(session, tiers.PERIODS)
    needed = judged and needed_since(ladder, Stored(since=judged), zone=zone, at=at)
    return min(tiers_since(at), needed) if needed else tiers_since(at)


def _refunds_since_judged(
    session: Session, ladder: Ladder, member_ids: Sequence[str]
) -> dict[str, list[tuple[receipts.KeptReceipt, GivenBack]]]:
    """Return the refunds since everybody was judged: they happened after the ends that are judged next."""
    if not isinstance(ladder.keep, ByPeriod):
        return {}
    return receipts.refunds_since(session, member_ids, tiers.walked_through(session, tiers.PERIODS) or EVER)


def climb_of(session: Session, rulebook: Rulebook, member_id: str, *, at: datetime) -> Climb | None:
    """Read one member's climb by itself."""
    if rulebook.tiers is None:
        return None
    since = tiers_since(at)
    column = climb_column(bindparam("member_id"), at=bindparam("at", type_=Instant))
    values = {"member_id": member_id, "at": at, KEPT_SINCE: epoch(since)}
    row = session.execute(select(column.label("climb")), values).scalar_one()
    return read_climb(session, rulebook, member_id, row, since=since, at=at)
