"""How receipts and refunds came about, for whoever looks after the tills."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import Session

from portal.receipts.tables import Receipt, Refund, TillEvidence


@dataclass(frozen=True, slots=True)
class ListedEvidence:
    """A receipt or a refund with its evidence; those that a machine told have none but `client`.

    `seconds` lie between the card and the record, `money` is what was due or given back, `points` what was earned or
    came back.
    """

    at: datetime
    subject: str
    store: str
    number: str
    member_id: str | None
    client: str
    money: int
    points: int
    staff_id: str | None
    device_id: str | None
    method: str | None
    seconds: int | None
    queued: bool | None


_HOW = (TillEvidence.staff_id, TillEvidence.device_id, TillEvidence.method, TillEvidence.seconds, TillEvidence.queued)


def list_evidence(
    session: Session, *, since: datetime, until: datetime, store: str | None = None
) -> list[ListedEvidence]:
    """Return what was recorded in a period, in order, of one store or of all."""
    found = [_receipts(since, until), _refunds(since, until)]
    if store is not None:
        found = [statement.where(Receipt.store == store) for statement in found]
    rows = [ListedEvidence(*row) for statement in found for row in session.execute(statement)]
    return sorted(rows, key=lambda row: row.at)


def _receipts(since: datetime, until: datetime) -> Select[*tuple[Any, ...]]:
    told = (Receipt.store, Receipt.number, Receipt.member_id, Receipt.client, Receipt.due, Receipt.earned)
    return (
        select(Receipt.recorded_at, literal("receipt"), *told, *_HOW)
        .outerjoin(TillEvidence, TillEvidence.id == Receipt.id)
        .where(Receipt.recorded_at >= since, Receipt.recorded_at < until)
    )


def _refunds(since: datetime, until: datetime) -> Select[*tuple[Any, ...]]:
    told = (Receipt.store, Receipt.number, Receipt.member_id, literal(""), Refund.money, Refund.points)
    return (
        select(Refund.recorded_at, literal("refund"), *told, *_HOW)
        .join(Receipt, Receipt.id == Refund.receipt_id)
        .outerjoin(TillEvidence, TillEvidence.id == Refund.id)
        .where(Refund.recorded_at >= since, Refund.recorded_at < until)
    )
