"""Gift certificates are sold with a receipt and pay for others: money, so nothing is earned by selling them (§1.5)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import islice
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.errors import Refused
from portal.ids import new_id
from portal.perks.certificates import CATEGORY, Certificate, Movement
from portal.perks.operations import certificates, note_guess, refuse_many_guesses
from portal.perks.queries.certificates import find_certificate, movements_with
from portal.perks.shown_codes import new_shown_code, read_shown_code
from portal.programme.adjusting import operator_of
from portal.programme.command import Command
from portal.programme.look_up_receipt import ReceiptRecord, look_up_receipt
from portal.programme.rulebooks import rulebook_in_force
from portal.receipts.queries import lock_receipt
from portal.rulebook.receipt import Line, read_receipt
from portal.rulebook.validity import lot_dates

CLOSES = timedelta(hours=1)
MOST = 1000


class CertificateUnknown(Refused):
    code = "certificate-not-good"
    text = "This is no certificate with money left: it is mistyped, spent, or over."
    keeps = True


class CertificateOver(Refused):
    code = "certificate-over"
    status = 410
    text = "This certificate was good until %(day)s, that day included. It pays no more."


class CertificateEarned(Refused):
    code = "certificate-earned"
    text = "A rule gives a discount or points for certificates, so none was issued. Block them in the rulebook."


class TooManyCertificates(Refused):
    code = "too-many-certificates"
    text = "At most %(most)s certificates are sold by one receipt."


class ReceiptPaid(Refused):
    code = "receipt-paid"
    status = 409
    text = "Nothing of this receipt is left to be paid by a certificate."


class ReceiptClosed(Refused):
    code = "receipt-closed"
    status = 410
    text = "A receipt is paid within an hour. Nothing was taken from the certificate."


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCertificate:
    """A certificate that a receipt sold; it pays through its `last_day` (null: for ever)."""

    code: str
    value: int
    currency: str
    last_day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateStanding:
    """What is left of a certificate, to be spent through its `last_day` (null: for ever)."""

    code: str
    value: int
    left: int
    currency: str
    last_day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptCertificates:
    """What a receipt sold of certificates, was paid by (`paid`), and what is `due` in other money, less refunds."""

    issued: tuple[IssuedCertificate, ...]
    paid: int
    due: int


def issue_certificates(session: Session, receipt_id: str, *, command: Command) -> ReceiptCertificates:
    """Issue a certificate for each piece of each certificate line that is still out, once however often it is told.

    A piece that cost nothing is none. Raises `ReceiptNotFound`, `TooManyCertificates`, and `CertificateEarned` when
    something was given for them.
    """
    lock_receipt(session, receipt_id)
    record = look_up_receipt(session, receipt_id)
    told = {each.source for each in movements_with(session, receipt_id)}
    rulebook = rulebook_in_force(session, at=record.at)
    dates = lot_dates(record.at, zone=rulebook.zone, pending_days=0, valid=rulebook.certificates.valid)
    batch = Batch()
    out = {line: _pieces_out(record, line) for line in sold_certificates(record)}
    if sum(out.values()) > MOST:
        raise TooManyCertificates(most=MOST)
    for line, pieces in out.items():
        paid = _plain_price(record, line)
        for piece, value in enumerate(islice(_split(paid, pieces=int(line.qty)), pieces), 1):
            source = sale_source(receipt_id, line=line.n, piece=piece)
            if value and source not in told:
                certificate = Certificate(
                    id=new_id(command.now),
                    code=new_shown_code(),
                    currency=rulebook.currency,
                    value=value,
                    left=value,
                    sold_at=command.now,
                    until=dates.expires_at,
                )
                operator = operator_of(command)
                certificates.sell(batch, certificate, receipt_id=receipt_id, source=source, operator=operator)
    batch.flush(session)
    return certificates_of(session, receipt_id)


def certificates_of(session: Session, receipt_id: str) -> ReceiptCertificates:
    """Return what a receipt has to do with certificates. Raises `ReceiptNotFound`."""
    record = look_up_receipt(session, receipt_id)
    movements = movements_with(session, receipt_id)
    sold = {each.certificate.id: each.certificate for each in movements if each.kind == "sale"}
    gone = {each.certificate.id for each in movements if each.kind == "withdrawal"}
    paid = -sum(each.amount for each in movements if each.kind in ("spending", "refund"))
    zone = rulebook_in_force(session, at=record.at).zone
    return ReceiptCertificates(
        issued=tuple(
            IssuedCertificate(code=each.code, value=each.value, currency=each.currency, last_day=each.last_day(zone))
            for each in sold.values()
            if each.id not in gone
        ),
        paid=paid,
        due=record.answer.due - sum(refund.money for refund in record.refunds) - paid,
    )


def check_certificate(session: Session, typed: str, *, command: Command) -> CertificateStanding:
    """Tell what is left of a certificate. Raises `CertificateUnknown`, `CertificateOver` or `TooManyGuesses`."""
    found = _find(session, typed, command=command)
    last_day = found.last_day(_zone(session, command))
    return CertificateStanding(
        code=found.code, value=found.value, left=found.left, currency=found.currency, last_day=last_day
    )


def pay_by_certificate(session: Session, receipt_id: str, typed: str, *, command: Command) -> ReceiptCertificates:
    """Pay as much of a receipt as the certificate has; told again, it is paid once.

    Certificates are not paid by certificates. Raises `ReceiptNotFound`, `ReceiptClosed`, `ReceiptPaid`,
    `CertificateUnknown`, `CertificateOver` and `TooManyGuesses`.
    """
    lock_receipt(session, receipt_id)
    record = look_up_receipt(session, receipt_id)
    if command.now >= record.recorded_at + CLOSES:
        raise ReceiptClosed
    code = read_shown_code(typed) or ""
    certificates.lock_certificate(session, code)
    source = f"spending/{receipt_id}/{code}"
    if any(each.source == source for each in movements_with(session, receipt_id)):
        return certificates_of(session, receipt_id)
    found = _find(session, typed, command=command)
    sold = {line.n for line in sold_certificates(record)}
    payable = certificates_of(session, receipt_id).due - sum(
        line.paid for line in record.answer.lines if line.n in sold
    )
    amount = min(found.spendable(command.now), payable)
    if amount <= 0:
        raise ReceiptPaid
    batch = Batch()
    movement = Movement(certificate=found, kind="spending", amount=-amount, source=source)
    certificates.move(batch, movement, receipt_id=receipt_id, operator=operator_of(command), at=command.now)
    batch.flush(session)
    return certificates_of(session, receipt_id)


def returned_to_certificates(session: Session, receipt_id: str, refund_id: str) -> int:
    """Return how much of a refund's money went to certificates."""
    prefix = f"refund/{refund_id}/"
    return sum(each.amount for each in movements_with(session, receipt_id) if each.source.startswith(prefix))


def sold_certificates(record: ReceiptRecord) -> tuple[Line, ...]:
    """Return the lines of a receipt that sell certificates."""
    return tuple(line for line in read_receipt(dict(record.told)).lines if is_certificate(line))


def is_certificate(line: Line) -> bool:
    """Tell whether a line sells certificates, in whole pieces."""
    return (line.category == CATEGORY or line.category.startswith(f"{CATEGORY}/")) and line.qty.denominator == 1


def sale_source(receipt_id: str, *, line: int, piece: int) -> str:
    """Return the name under which a piece of a line was issued."""
    return f"sale/{receipt_id}/{line}/{piece}"


def _find(session: Session, typed: str, *, command: Command) -> Certificate:
    """Find a certificate with money left; wrong codes are counted by who shows them."""
    refuse_many_guesses(session, command.client, now=command.now)
    code = read_shown_code(typed)
    found = find_certificate(session, code) if code else None
    if found is None or not found.left:
        note_guess(session, command.client, code=typed, now=command.now)
        raise CertificateUnknown
    if not found.spendable(command.now):
        raise CertificateOver(day=found.last_day(_zone(session, command)))
    return found


def _zone(session: Session, command: Command) -> ZoneInfo:
    return rulebook_in_force(session, at=command.now).zone


def _pieces_out(record: ReceiptRecord, line: Line) -> int:
    """Return how many pieces of a line were not brought back."""
    return int(line.qty - sum(Fraction(refund.lines.get(str(line.n), 0)) for refund in record.refunds))


def _plain_price(record: ReceiptRecord, line: Line) -> int:
    """Return what was paid for a line of which nothing was taken off and for which nothing was given."""
    judged = next(each for each in record.answer.lines if each.n == line.n)
    earned = any(line.n in grant.lines for grant in record.answer.grants)
    if judged.discount or judged.points or earned:
        raise CertificateEarned
    return judged.paid


def _split(paid: int, *, pieces: int) -> Iterator[int]:
    """Yield the value of each piece; what does not divide goes to the first ones."""
    whole, rest = divmod(paid, pieces)
    return (whole + (piece < rest) for piece in range(pieces))
