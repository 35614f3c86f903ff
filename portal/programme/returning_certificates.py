"""What a refund does to certificates: those brought back are withdrawn, those it was paid by get the money first."""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.errors import Refused
from portal.perks.certificates import CertificateSpent, Movement
from portal.perks.operations import certificates
from portal.perks.queries.certificates import movements_with
from portal.programme.certificates import is_certificate
from portal.receipts.queries import Refundable
from portal.rulebook.document import Rulebook
from portal.rulebook.receipt import read_receipt
from portal.rulebook.validity import Validity, lot_dates


class CertificateInParts(Refused):
    code = "certificate-in-parts"
    text = "A certificate is brought back whole."


def return_certificates(
    session: Session,
    batch: Batch,
    receipt: Refundable,
    *,
    lines: Mapping[int, Fraction],
    money: int,
    refund_id: str,
    operator: str,
    rulebook: Rulebook,
    now: datetime,
) -> int:
    """Withdraw as many unspent certificates as pieces come back, and return how much money went to certificates.

    What was paid by a certificate goes back to it before any is handed out, so that none becomes cash; one whose
    last day went by pays for the rulebook's grace again. Raises `CertificateSpent` and `CertificateInParts`.
    """
    _refuse_parts(receipt, lines)
    movements = movements_with(session, receipt.id)
    if not movements:
        return 0
    withdrawn = _withdrawn(receipt, movements, lines=lines, refund_id=refund_id)
    given_back = _given_back(movements, money=money, refund_id=refund_id, until=_grace(rulebook, now=now))
    for movement in (*withdrawn, *given_back):
        certificates.move(batch, movement, receipt_id=receipt.id, operator=operator, at=now)
    return sum(movement.amount for movement in given_back)


def _refuse_parts(receipt: Refundable, lines: Mapping[int, Fraction]) -> None:
    """Refuse half a certificate: its money would go out, and the whole would stay good."""
    parts = {n for n, quantity in lines.items() if quantity.denominator != 1}
    for line in read_receipt(receipt.document).lines if parts else ():
        if line.n in parts and is_certificate(line):
            raise CertificateInParts(line=line.n)


def _withdrawn(
    receipt: Refundable, movements: tuple[Movement, ...], *, lines: Mapping[int, Fraction], refund_id: str
) -> list[Movement]:
    withdrawn: list[Movement] = []
    for line in read_receipt(receipt.document).lines:
        pieces = int(lines.get(line.n, 0)) if is_certificate(line) else 0
        prefix = f"sale/{receipt.id}/{line.n}/"
        sold = {each.certificate.id: each.certificate for each in movements if each.source.startswith(prefix)}
        whole = [each for each in sold.values() if each.left == each.value]
        if len(whole) < min(pieces, len(sold)):
            raise CertificateSpent
        withdrawn += [
            Movement(
                certificate=each, kind="withdrawal", amount=-each.value, source=f"withdrawal/{refund_id}/{each.id}"
            )
            for each in whole[:pieces]
        ]
    return withdrawn


def _grace(rulebook: Rulebook, *, now: datetime) -> datetime | None:
    grace = Validity(type="days", n=rulebook.refunds.restore_grace_days)
    return lot_dates(now, zone=rulebook.zone, pending_days=0, valid=grace).expires_at


def _given_back(
    movements: tuple[Movement, ...], *, money: int, refund_id: str, until: datetime | None
) -> list[Movement]:
    spent: dict[str, int] = {}
    by_id = {each.certificate.id: each.certificate for each in movements}
    for each in movements:
        if each.kind in ("spending", "refund"):
            spent[each.certificate.id] = spent.get(each.certificate.id, 0) - each.amount
    back: list[Movement] = []
    for certificate_id, amount in spent.items():
        part = min(amount, money)
        if part > 0:
            money -= part
            source = f"refund/{refund_id}/{certificate_id}"
            certificate = by_id[certificate_id]
            back.append(Movement(certificate=certificate, kind="refund", amount=part, source=source, until=until))
    return back
