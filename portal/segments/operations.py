"""Writes of segments."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.db import Batch, Write, epoch, insert_into
from portal.segments.queries import Assigned
from portal.segments.tables import Assignment

ASSIGN = insert_into(
    Assignment.__table__,
    conflict=(
        "on conflict (member_id, segment) do update set "
        "assigned_at = excluded.assigned_at, until = excluded.until, uses_left = excluded.uses_left"
    ),
)
USE = Write(
    name="segment_use",
    columns=(("member_id", "text"), ("segment", "text"), ("uses_left", "bigint")),
    statement=(
        "update segment_assignment set uses_left = r.uses_left - 1 from {rows} "
        "where segment_assignment.member_id = r.member_id and segment_assignment.segment = r.segment "
        "and segment_assignment.uses_left = r.uses_left"
    ),
    every_row=True,
)
GIVE_BACK = Write(
    name="segment_give_back",
    columns=(("member_id", "text"), ("segment", "text")),
    statement=(
        "update segment_assignment set uses_left = segment_assignment.uses_left + 1 from {rows} "
        "where segment_assignment.member_id = r.member_id and segment_assignment.segment = r.segment "
        "and segment_assignment.uses_left is not null"
    ),
)


def assign(
    session: Session,
    member_id: str,
    *,
    segment: str,
    now: datetime,
    until: datetime | None = None,
    uses: int | None = None,
) -> None:
    """Put a member into a segment, or give a place it already has a new end and new uses."""
    batch = Batch()
    row = {"member_id": member_id, "segment": segment, "assigned_at": epoch(now), "uses_left": uses}
    batch.add(ASSIGN, {**row, "until": None if until is None else epoch(until)})
    batch.flush(session)


def withdraw(session: Session, member_id: str, *, segments: Collection[str]) -> None:
    """Take a member out of segments; a receipt that they served stays as it was judged."""
    places = (Assignment.member_id == member_id, Assignment.segment.in_(segments))
    session.execute(delete(Assignment).where(*places))


def use(batch: Batch, member_id: str, places: tuple[Assigned, ...]) -> tuple[str, ...]:
    """Count one receipt for each place that serves only so many; return their segments, for `give_back`."""
    counted = tuple(place for place in places if place.uses_left is not None)
    batch.add(
        USE,
        *({"member_id": member_id, "segment": place.segment, "uses_left": place.uses_left} for place in counted),
    )
    return tuple(place.segment for place in counted)


def give_back(batch: Batch, member_id: str, segments: tuple[str, ...]) -> None:
    """Undo `use` for a receipt that was returned."""
    batch.add(GIVE_BACK, *({"member_id": member_id, "segment": segment} for segment in segments))
