"""Versions of the rulebook."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.db import Batch, epoch, insert_into
from portal.ids import new_id
from portal.receipts.tables import RulebookVersion

Document = dict[str, Any]
PUBLISH = insert_into(RulebookVersion.__table__)


def publish(
    session: Session,
    *,
    name: str,
    version: int,
    digest: str,
    document: Document,
    effective_from: datetime,
    now: datetime,
) -> None:
    """Add a version of the rulebook, in force from an instant."""
    batch = Batch()
    row = {"id": new_id(now), "name": name, "version": version, "digest": digest, "document": document}
    batch.add(PUBLISH, {**row, "effective_from": epoch(effective_from), "published_at": epoch(now)})
    batch.flush(session)
