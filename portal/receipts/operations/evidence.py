"""How receipts and refunds came about at a till: written with them, never changed, read for till integrity."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from portal.db import Batch, epoch, insert_into
from portal.receipts.tables import TillEvidence

Method = Literal["camera", "wedge", "typed", "photo", "joined"]
METHODS: tuple[Method, ...] = ("camera", "wedge", "typed", "photo", "joined")
KEEP = insert_into(TillEvidence.__table__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Who did it on which till, how the card or the receipt's number got in, and when the card was shown.

    `method` is what the page says of itself (`joined`: from the till's screen, no card was shown); the till keeps the
    rest. `queued` tells of a receipt that waited on the device for the network.
    """

    staff_id: str
    device_id: str
    method: Method
    card_at: datetime | None
    queued: bool = False


def keep_evidence(
    batch: Batch, evidence: Evidence, *, subject: Literal["receipt", "refund"], subject_id: str, now: datetime
) -> None:
    """Keep how a receipt or refund came about; `seconds` count from the card to the receipt."""
    card_at = evidence.card_at
    row = {"id": subject_id, "subject": subject, "staff_id": evidence.staff_id, "device_id": evidence.device_id}
    seconds = None if card_at is None else int((now - card_at).total_seconds())
    batch.add(KEEP, {**row, "method": evidence.method, "seconds": seconds, "queued": evidence.queued, "at": epoch(now)})
