"""Which receipts of a heap stand already: what an import asks before it judges them."""

from collections.abc import Collection

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from portal.receipts.tables import Receipt

Name = tuple[str, str]


def standing_digests(session: Session, names: Collection[Name]) -> dict[Name, str]:
    """Return, by store and number, the digests of those receipts that are recorded."""
    rows = select(Receipt.store, Receipt.number, Receipt.digest).where(tuple_(Receipt.store, Receipt.number).in_(names))
    return {(store, number): digest for store, number, digest in session.execute(rows)}
