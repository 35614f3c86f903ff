"""The programme's side of the ledger: summed from entries, because no row may be touched by every purchase."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal.ledger.accruals import POINTS
from portal.ledger.postings import ACCOUNTS
from portal.ledger.tables import EntryRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """All accounts of a wallet summed over all members; they sum to zero. `issued_by_cause` is positive."""

    available: int
    pending: int
    held: int
    debt: int
    issued: int
    redeemed: int
    breakage: int
    writeoff: int
    issued_by_cause: dict[str, int]

    @property
    def liability(self) -> int:
        """The points the programme owes."""
        return self.available + self.pending + self.held


def totals(session: Session, *, wallet: str = POINTS, until: datetime | None = None) -> Totals:
    """Sum what was told, or what of it counts by `until`. Due events that no job has posted yet are not in it."""
    told: list[ColumnElement[bool]] = [EntryRow.wallet == wallet]
    if until is not None:
        told.append(EntryRow.at <= until)
    sums = session.execute(select(*(_sum(getattr(EntryRow, name)) for name in ACCOUNTS)).where(*told)).one()
    causes = session.execute(select(EntryRow.cause, _sum(-EntryRow.issued)).where(*told).group_by(EntryRow.cause))
    return Totals(
        **{name: int(points) for name, points in zip(ACCOUNTS, sums, strict=True)},
        issued_by_cause={cause: int(points) for cause, points in causes if points},
    )


def _sum(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.coalesce(func.sum(column), 0)
