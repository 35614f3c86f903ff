"""Who bought in a store lately."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.receipts.tables import Receipt

LOOKED_AT = 1000


def buyers_lately(session: Session, store: str, *, limit: int) -> list[str]:
    """Return the ids of members among the last thousand receipts of a store, whoever bought last first."""
    last = (
        select(Receipt.member_id)
        .where(Receipt.store == store, Receipt.member_id.is_not(None))
        .order_by(Receipt.id.desc())
        .limit(LOOKED_AT)
    )
    return list(dict.fromkeys(found for found in session.scalars(last) if found))[:limit]
