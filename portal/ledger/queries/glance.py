"""A member's wallets and newest entries without the book: enough for a first screen while nothing is due."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, distinct, func, literal_column, null, select

from portal.db import instant, json_array, json_object, json_tuple
from portal.ledger.balance import Expiring, Glance
from portal.ledger.entries import POINTS_OF, Brief
from portal.ledger.tables import AccountRow, BookRow, EntryRow, LotRow

_NONE = literal_column("0")
_IN_WALLET = and_(
    LotRow.member_id == AccountRow.member_id,
    LotRow.wallet == AccountRow.wallet,
    LotRow.remaining + LotRow.held > _NONE,  # as the index of open lots has it
    LotRow.remaining > _NONE,
)


def glance_column(member_id: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a scalar subquery for `read_glance`: every wallet, and when something is due.

    It is null for a member to whom nothing was ever told. Lots are read in the order of their index, only the first.
    """
    wallet = json_tuple(
        AccountRow.wallet,
        AccountRow.available,
        AccountRow.pending,
        AccountRow.held,
        AccountRow.debt,
        _soonest(),
        case((AccountRow.pending > _NONE, _releases())),
    )
    wallets = select(json_array(wallet)).where(AccountRow.member_id == BookRow.member_id).scalar_subquery()
    told = json_object(due_at=BookRow.due_at, wallets=wallets)
    return select(told).where(BookRow.member_id == member_id).scalar_subquery()


def read_glance(document: Mapping[str, Any] | None, *, now: datetime) -> dict[str, Glance] | None:
    """Return what `glance_column` gave by wallet; None when something is due by `now`: only the book knows then."""
    if document is None:
        return {}
    due = document["due_at"]
    if due is not None and instant(due) <= now:
        return None
    return {row[0]: _glance(*row[1:]) for row in document["wallets"] or ()}


def briefs_column(member_id: ColumnElement[Any], *, limit: int, whole: str = "") -> ColumnElement[Any]:
    """Return a scalar subquery with the newest stored entries of a member, for `read_briefs`.

    What the receipts of the cause `whole` brought is told by receipt and comes without rules and their titles, which
    lie deep in the details of every entry.
    """
    of_whole = and_(EntryRow.cause == whole, EntryRow.receipt_id.is_not(None))
    newest = (
        select(
            EntryRow.number,
            EntryRow.at,
            EntryRow.kind,
            EntryRow.cause,
            EntryRow.wallet,
            _points().label("points"),
            EntryRow.receipt_id,
            case((of_whole, null()), else_=EntryRow.rule).label("rule"),
            case((of_whole, null()), else_=EntryRow.details["title"]).label("title"),
        )
        .where(EntryRow.member_id == member_id)
        .order_by(EntryRow.number.desc())
        .limit(limit)
        .correlate_except(EntryRow)
        .subquery()
    )
    return select(json_array(json_tuple(*newest.c))).scalar_subquery()


def read_briefs(rows: Iterable[list[Any]] | None) -> list[Brief]:
    """Read what `briefs_column` gave, newest first."""
    briefs = [Brief(number, instant(at), *rest) for number, at, *rest in rows or ()]
    return sorted(briefs, key=lambda brief: -brief.number)


def _soonest() -> ColumnElement[Any]:
    return (
        select(json_tuple(func.sum(LotRow.remaining), LotRow.expires_at, func.min(LotRow.last_valid_day)))
        .where(_IN_WALLET, LotRow.expires_at.is_not(None))
        .group_by(LotRow.expires_at)
        .order_by(LotRow.expires_at)
        .limit(1)
        .correlate(AccountRow)
        .scalar_subquery()
    )


def _releases() -> ColumnElement[Any]:
    instants = json_tuple(func.count(distinct(LotRow.release_at)), func.min(LotRow.release_at))
    return select(instants).where(_IN_WALLET, LotRow.released.is_(False)).correlate(AccountRow).scalar_subquery()


def _glance(
    available: int, pending: int, held: int, debt: int,
    soonest: tuple[int, int, str | None] | None, releases: tuple[int, int] | None,
) -> Glance:  # fmt: skip
    count, first = releases or (0, None)
    return Glance(
        available,
        pending,
        held,
        debt,
        runs_out=_expiring(*soonest) if soonest else None,
        releases=count,
        released_from=None if first is None else instant(first),
    )


def _expiring(points: int, expires_at: int, day: str | None) -> Expiring:
    return Expiring(points, instant(expires_at), date.fromisoformat(day) if day else None)


def _points() -> ColumnElement[int]:
    """Return `Entry.points` as an expression."""
    forgiven = func.coalesce(EntryRow.details["forgiven"].as_integer(), _NONE)
    moved = case(
        {kind: literal_column(f"{sign}") * getattr(EntryRow, account) for kind, (account, sign) in POINTS_OF.items()},
        value=EntryRow.kind,
    )
    return moved - case((EntryRow.kind == "reversal", forgiven), else_=_NONE)
