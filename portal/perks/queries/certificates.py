"""Reads of gift certificates."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.perks.certificates import Certificate, Movement
from portal.perks.tables import Certificate as CertificateRow
from portal.perks.tables import CertificateEntry


def find_certificate(session: Session, code: str) -> Certificate | None:
    found = select(CertificateRow).where(CertificateRow.code == code).execution_options(populate_existing=True)
    row = session.scalars(found).one_or_none()
    return None if row is None else _certificate(row)


def movements_with(session: Session, receipt_id: str) -> tuple[Movement, ...]:
    """Return what a receipt sold of certificates, was paid by, and gave back, in order."""
    rows = session.execute(
        select(CertificateEntry, CertificateRow)
        .join(CertificateRow, CertificateRow.id == CertificateEntry.certificate_id)
        .where(CertificateEntry.receipt_id == receipt_id)
        .order_by(CertificateEntry.id)
        .execution_options(populate_existing=True)
    )
    return tuple(
        Movement(certificate=_certificate(row), kind=entry.kind, amount=entry.amount, source=entry.source)
        for entry, row in rows
    )


def _certificate(row: CertificateRow) -> Certificate:
    return Certificate(
        id=row.id,
        code=row.code,
        currency=row.currency,
        value=row.value,
        left=row.left_over,
        sold_at=row.sold_at,
        until=row.until,
    )
