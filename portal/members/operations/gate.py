"""Queueing before counting: PostgreSQL lets two transactions count at once and both find room."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.db import epoch

_QUEUE = text(
    "insert into sign_in_gate (key, touched_at) values (:key, :now)"
    " on conflict (key) do update set touched_at = excluded.touched_at"
)


def queue_at(session: Session, keys: Iterable[str], *, now: datetime) -> None:
    """Wait for everyone else at these gates and hold them until commit; always in one order, so that none deadlock."""
    for key in sorted(set(keys)):
        session.execute(_QUEUE, {"key": key, "now": epoch(now)})
