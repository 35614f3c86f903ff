"""Goods come back: money, points and everything else of the receipt are undone in part or whole (domain.md §2.6)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.errors import Refused
from portal.ids import new_id
from portal.ledger import operations as ledger
from portal.ledger.operations import take_books
from portal.outbox import operations as outbox
from portal.programme.adjusting import operator_of
from portal.programme.answer_json import answer_json, read_answer
from portal.programme.answers import RefundAnswer
from portal.programme.command import Answered, Command, IdempotencyConflict, digest_of
from portal.programme.judging import CLOCK_SKEW
from portal.programme.receipt_notices import announce_released
from portal.programme.refund_books import move_back, read_books
from portal.programme.refund_scene import RefundScene, plan_of, read_refund_scene
from portal.programme.returning_certificates import return_certificates
from portal.programme.stepping_down import step_down
from portal.programme.telling import balance_answer
from portal.programme.undoing import undo_counters, undo_rights
from portal.receipts import operations as receipts
from portal.receipts.queries import Refundable, Remembered, lock_receipt
from portal.rulebook.refunds import RefundPlan
from portal.rulebook.tiers import Totals
from portal.rulebook.values import quantity_text

OPERATION = "refund"
_CREATED = 201


class UnknownReceipt(Refused):
    code = "unknown-receipt"
    status = 404
    text = "There is no such receipt."


class RefundTooEarly(Refused):
    code = "refund-too-early"
    text = "The refund's time lies before the receipt's."


class FutureRefund(Refused):
    code = "refund-in-the-future"
    text = "The refund's time lies in the future. Check the till's clock."


def refund_receipt(
    session: Session, receipt_id: str, *, lines: Mapping[int, Fraction], at: datetime, command: Command
) -> Answered[RefundAnswer]:
    """Take back quantities of a receipt's lines at the till's time `at`, once for each key.

    Raises `IdempotencyConflict`, `UnknownReceipt`, `FutureRefund`, `RefundTooEarly`, and from the plan `UnknownLine`,
    `AlreadyRefunded`, `NothingReturned`; and `CertificateSpent` and `CertificateInParts`.
    """
    returned = {str(n): quantity_text(lines[n]) for n in sorted(lines)}
    digest = digest_of({"receipt": receipt_id, "lines": returned, "at": at.isoformat()})
    take_books(session, lock_receipt(session, receipt_id))
    scene = read_refund_scene(session, receipt_id, command=command)
    if scene.remembered is not None:
        return _told_before(scene.remembered, digest)
    receipt = scene.receipt
    if receipt is None:
        raise UnknownReceipt
    _check_time(at, sold_at=receipt.at, now=command.now)
    plan = plan_of(receipt, scene.judged_by, returning=lines)
    batch = Batch()
    answer = _undo(session, batch, scene, receipt, plan, lines=lines, at=min(at, command.now), command=command)
    _keep(batch, answer, receipt, plan, lines=returned, at=at, now=command.now)
    _remember(batch, answer, digest=digest, command=command)
    if command.evidence:
        evidence, refund_id = command.evidence, answer.refund_id
        receipts.keep_evidence(batch, evidence, subject="refund", subject_id=refund_id, now=command.now)
    _tell(batch, answer, receipt, at=at)
    batch.flush(session)
    return Answered(answer, _CREATED, replayed=False)


def _told_before(known: Remembered, digest: str) -> Answered[RefundAnswer]:
    if (known.operation, known.digest) != (OPERATION, digest):
        raise IdempotencyConflict
    return Answered(read_answer(RefundAnswer, known.answer), known.status, replayed=True)


def _check_time(at: datetime, *, sold_at: datetime, now: datetime) -> None:
    if at > now + CLOCK_SKEW:
        raise FutureRefund
    if at < sold_at:
        raise RefundTooEarly


def _undo(
    session: Session,
    batch: Batch,
    scene: RefundScene,
    receipt: Refundable,
    plan: RefundPlan,
    *,
    lines: Mapping[int, Fraction],
    at: datetime,
    command: Command,
) -> RefundAnswer:
    """Undo all that the receipt did: points, certificates, rights, counters, and what let the buyer rise."""
    answer = _move_back(session, batch, scene, receipt, plan, at=at, now=command.now)
    certificates = return_certificates(
        session,
        batch,
        receipt,
        lines=lines,
        money=plan.money,
        refund_id=answer.refund_id,
        operator=operator_of(command),
        rulebook=scene.today,
        now=command.now,
    )
    undo_rights(batch, receipt, plan)
    undo_counters(batch, receipt, plan, kept=Totals.of(each.money for each in scene.kept_after(plan.money)))
    step_down(session, batch, scene, receipt, plan, at=at, now=command.now)
    return replace(answer, certificates=certificates)


def _move_back(
    session: Session,
    batch: Batch,
    scene: RefundScene,
    receipt: Refundable,
    plan: RefundPlan,
    *,
    at: datetime,
    now: datetime,
) -> RefundAnswer:
    """Move the points; what comes back to a member who was forgotten is forfeited at once."""
    refund_id, buyer = new_id(now), receipt.member_id
    books = read_books(session, plan, receipt_id=receipt.id, buyer=buyer, now=now)
    book = None
    if buyer is not None:
        book = books[buyer]
        move_back(books, plan, receipt_id=receipt.id, refund_id=refund_id, buyer=buyer, rulebook=scene.today, at=at)
        if scene.buyer is None or scene.buyer.card_number is None:
            book.forfeit(at=at, source=f"refund/{refund_id}/erased")
    ledger.store(batch, *books.values())
    announce_released(batch, *books.values(), now=now)
    return RefundAnswer(
        refund_id=refund_id,
        receipt_id=receipt.id,
        money=plan.money,
        points=plan.points,
        reversed=dict(plan.reversed),
        balance=None if book is None else balance_answer(book.balance(now)),
    )


def _keep(
    batch: Batch,
    answer: RefundAnswer,
    receipt: Refundable,
    plan: RefundPlan,
    *,
    lines: dict[str, str],
    at: datetime,
    now: datetime,
) -> None:
    refund = receipts.NewRefund(
        id=answer.refund_id,
        receipt_id=receipt.id,
        number=receipt.refunds + 1,
        at=at,
        lines=lines,
        result={"fixed_taken": list(plan.fixed_taken), "reversed": dict(answer.reversed), "gifts": dict(plan.gifts)},
        money=plan.money,
        points=plan.points,
    )
    receipts.refund(batch, refund, full=plan.full, now=now)


def _remember(batch: Batch, answer: RefundAnswer, *, digest: str, command: Command) -> None:
    receipts.remember(
        batch,
        client=command.client,
        key=command.key,
        operation=OPERATION,
        digest=digest,
        status=_CREATED,
        answer=answer_json(answer),
        now=command.now,
    )


def _tell(batch: Batch, answer: RefundAnswer, receipt: Refundable, *, at: datetime) -> None:
    payload = {
        "receipt_id": receipt.id,
        "store": receipt.store,
        "number": receipt.number,
        "money": answer.money,
        "points": answer.points,
        "reversed": dict(answer.reversed),
    }
    outbox.tell(batch, "receipt.refunded", member_id=receipt.member_id, at=at, payload=payload)
