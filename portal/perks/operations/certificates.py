"""Writes of gift certificates: each movement is an entry told once, and what is left is turned with it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Batch, Write, epoch, insert_into
from portal.ids import new_id
from portal.perks.certificates import Certificate, Movement
from portal.perks.tables import Certificate as CertificateRow
from portal.perks.tables import CertificateEntry

SELL = insert_into(CertificateRow.__table__)
MOVE = insert_into(CertificateEntry.__table__)
TURN = Write(
    name="certificate_turn",
    columns=(("id", "text"), ("amount", "bigint"), ("expected", "bigint"), ("until", "bigint")),
    statement=(
        "update certificate set left_over = certificate.left_over + r.amount, "
        "until = case when r.until > certificate.until then r.until else certificate.until end from {rows} "
        "where certificate.id = r.id and certificate.left_over = r.expected"
    ),
    every_row=True,
)


def lock_certificate(session: Session, code: str) -> None:
    """Let receipts that are paid by one certificate come one after another; SQLite's writers queue anyway."""
    session.execute(select(CertificateRow.id).where(CertificateRow.code == code).with_for_update())


def sell(batch: Batch, certificate: Certificate, *, receipt_id: str, source: str, operator: str) -> None:
    """Issue a certificate that a receipt sold."""
    row = {"id": certificate.id, "code": certificate.code, "currency": certificate.currency}
    until = None if certificate.until is None else epoch(certificate.until)
    sold_at = epoch(certificate.sold_at)
    batch.add(
        SELL, {**row, "value": certificate.value, "left_over": certificate.value, "sold_at": sold_at, "until": until}
    )
    movement = Movement(certificate=certificate, kind="sale", amount=certificate.value, source=source)
    _enter(batch, movement, receipt_id=receipt_id, operator=operator, at=certificate.sold_at)


def move(batch: Batch, movement: Movement, *, receipt_id: str, operator: str, at: datetime) -> None:
    """Spend from a certificate, give back to it, or withdraw it; if it was moved meanwhile the batch is `Stale`."""
    certificate = movement.certificate
    until = None if movement.until is None else epoch(movement.until)
    turned = {"id": certificate.id, "amount": movement.amount, "expected": certificate.left}
    batch.add(TURN, {**turned, "until": until})
    _enter(batch, movement, receipt_id=receipt_id, operator=operator, at=at)


def _enter(batch: Batch, movement: Movement, *, receipt_id: str, operator: str, at: datetime) -> None:
    row = {"id": new_id(at), "certificate_id": movement.certificate.id, "kind": movement.kind}
    row |= {"amount": movement.amount, "receipt_id": receipt_id, "source": movement.source}
    batch.add(MOVE, {**row, "operator": operator, "at": epoch(at)})
