"""A receipt is recorded: judged, posted and remembered; read in one statement and written in one (P7c)."""

from typing import Any

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.errors import Refused
from portal.ids import new_id
from portal.ledger import operations as ledger
from portal.outbox import operations as outbox
from portal.programme.answers import ReceiptAnswer, answer_json, read_answer
from portal.programme.command import Answered, Command, IdempotencyConflict, digest_of
from portal.programme.counting import count_receipt
from portal.programme.judged_state import judged_state_json
from portal.programme.judging import Judged, check_agreed, check_points, check_time, judge_receipt
from portal.programme.locking import lock_parties, lock_what_is_shared
from portal.programme.posting import move_perks, move_points, parties
from portal.programme.scene import Scene, read_scene
from portal.programme.spending import check_spending, use_code
from portal.programme.telling import receipt_answer
from portal.programme.told import ToldReceipt
from portal.receipts import operations as receipts
from portal.rulebook.explain import Sale
from portal.rulebook.receipt import receipt_json

OPERATION = "receipt"
_CREATED = 201


class ReceiptConflict(Refused):
    code = "receipt-conflict"
    status = 409
    text = "Another receipt was recorded under this number of this store."


def record_receipt(session: Session, told: ToldReceipt, *, command: Command) -> Answered[ReceiptAnswer]:
    """Record a receipt and everything it brings, once, and answer as api.md says.

    The same key and body, or the same receipt under another key, is answered as it was before. More points than the
    receipt takes are cut to `limits.max_points`; more than the member has are refused. Raises `IdempotencyConflict`,
    `ReceiptConflict`, `FutureReceipt`, `ReceiptTooOld`, `RotatingCodeRequired`, `SpendingPaused`, `GuestsHaveNoPoints`,
    `NotEnoughPoints`, `QuoteOutdated` and what `judge_receipt` raises.
    """
    lock_parties(session, told.member)
    lock_what_is_shared(session, told.receipt.coupons)
    scene = read_scene(session, told, command)
    digest = digest_of(told.document())
    known = scene.remembered
    if known is not None:
        if (known.operation, known.digest) != (OPERATION, digest):
            raise IdempotencyConflict
        return Answered(read_answer(ReceiptAnswer, known.answer), known.status, replayed=True)
    if scene.recorded is not None:
        return _same_receipt(session, told, scene, command, digest=digest)
    check_time(told, scene, command)
    judged = judge_receipt(session, told, scene, command)
    check_spending(told, scene, judged.verdict, command)
    check_points(told, judged)
    check_agreed(judged, command)
    return _record(session, told, scene, judged, command, digest=digest)


def _same_receipt(
    session: Session, told: ToldReceipt, scene: Scene, command: Command, *, digest: str
) -> Answered[ReceiptAnswer]:
    """Answer a receipt that stands already, and remember the answer under the new key too."""
    recorded, buyer = scene.recorded, scene.member_id
    if recorded is None or (recorded.digest, recorded.member_id) != (digest_of(receipt_json(told.receipt)), buyer):
        raise ReceiptConflict
    batch = Batch()
    _remember(batch, command, digest=digest, status=recorded.status, answer=recorded.answer)
    batch.flush(session)
    return Answered(read_answer(ReceiptAnswer, recorded.answer), recorded.status, replayed=True)


def _record(
    session: Session, told: ToldReceipt, scene: Scene, judged: Judged, command: Command, *, digest: str
) -> Answered[ReceiptAnswer]:
    receipt_id, now = new_id(command.now), command.now
    outcome, at = judged.outcome, min(told.receipt.at, now)
    batch = Batch()
    move_points(scene, outcome, receipt_id=receipt_id, hold=told.hold, at=at, now=now)
    posted = move_perks(batch, scene, outcome, receipt_id=receipt_id, at=at)
    use_code(batch, told, judged.verdict, command)
    usage = count_receipt(batch, scene, outcome, receipt_id=receipt_id, at=told.receipt.at)
    answer = receipt_answer(
        Sale(rulebook=scene.rulebook, receipt=told.receipt, outcome=outcome),
        receipt_id=receipt_id,
        book=scene.book,
        codes=posted.codes,
        language=command.language,
        now=now,
    )
    ledger.store(batch, *parties(scene))
    _keep(batch, told, scene, judged, command, receipt_id=receipt_id, used={**posted.used, **usage})
    _remember(batch, command, digest=digest, status=_CREATED, answer=answer_json(answer))
    _tell(batch, answer, told)
    batch.flush(session)
    return Answered(answer, _CREATED, replayed=False)


def _keep(
    batch: Batch,
    told: ToldReceipt,
    scene: Scene,
    judged: Judged,
    command: Command,
    *,
    receipt_id: str,
    used: dict[str, Any],
) -> None:
    day = told.receipt.at.astimezone(scene.rulebook.zone).date()
    receipts.record(
        batch,
        receipts.NewReceipt(
            id=receipt_id,
            told=told.receipt,
            member_id=scene.member_id,
            rulebook=scene.rulebook,
            outcome=judged.outcome,
            state=judged_state_json(judged.state, judged.outcome, day=day),
            digest=digest_of(receipt_json(told.receipt)),
            used=used,
        ),
        client=command.client,
        key=command.key,
        now=command.now,
    )


def _remember(batch: Batch, command: Command, *, digest: str, status: int, answer: dict[str, Any]) -> None:
    receipts.remember(
        batch,
        client=command.client,
        key=command.key,
        operation=OPERATION,
        digest=digest,
        status=status,
        answer=answer,
        now=command.now,
    )


def _tell(batch: Batch, answer: ReceiptAnswer, told: ToldReceipt) -> None:
    """Tell the world outside; a guest's receipt is told too, without a member."""
    payload = {
        "receipt_id": answer.receipt_id,
        "store": told.receipt.store,
        "number": told.receipt.number,
        "total": answer.total,
        "due": answer.due,
        "points_spent": answer.points_spent,
        "earned": dict(answer.earned),
    }
    outbox.tell(batch, "receipt.recorded", member_id=answer.member_id, at=told.receipt.at, payload=payload)
