"""Reads of segments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

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
