"""Reads of segments."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from portal.db import instant, json_array, json_object
from portal.segments.tables import Assignment


@dataclass(frozen=True, slots=True)
class Assigned:
    """A member's place in a segment; `uses_left` counts the receipts it still serves, None when it serves all."""

    segment: str
    until: datetime | None
    uses_left: int | None

    def serves(self, at: datetime) -> bool:
        """Tell whether a receipt of this instant finds the member in the segment."""
        return (self.until is None or at < self.until) and self.uses_left != 0


def assigned_column(member_id: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a scalar subquery with the member's places, for `read_assigned`."""
    row = json_object(segment=Assignment.segment, until=Assignment.until, uses_left=Assignment.uses_left)
    return select(json_array(row)).where(Assignment.member_id == member_id).scalar_subquery()


def assigned_to(
    session: Session, member_ids: Collection[str], names: Collection[str], *, at: datetime
) -> dict[str, str]:
    """Return which of these segments serves each of these members' next receipt; of several the first by name."""
    places = select(Assignment).where(Assignment.member_id.in_(member_ids), Assignment.segment.in_(names))
    found: dict[str, str] = {}
    for place in session.scalars(places.order_by(Assignment.segment)):
        if Assigned(place.segment, place.until, place.uses_left).serves(at):
            found.setdefault(place.member_id, place.segment)
    return found


def read_assigned(rows: Iterable[dict[str, Any]] | None) -> dict[str, Assigned]:
    """Read what `assigned_column` gave, by segment, also places whose time is over."""
    return {
        row["segment"]: Assigned(
            segment=row["segment"],
            until=None if row["until"] is None else instant(row["until"]),
            uses_left=row["uses_left"],
        )
        for row in rows or ()
    }
