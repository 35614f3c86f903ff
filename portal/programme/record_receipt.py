"""A receipt is recorded: judged, posted and remembered; read in one statement and written in one (P7c)."""

from typing import Any

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.ids import new_id
from portal.ledger import operations as ledger
from portal.outbox import operations as outbox
from portal.programme.answers import ReceiptAnswer
from portal.programme.command import Answered, Command
from portal.programme.counting import count_receipt
from portal.programme.coupon_guesses import count_guesses, refuse_guessing
from portal.programme.judged_state import judged_state_json
from portal.programme.judging import Judged, check_agreed, check_points, check_time, judge_receipt
from portal.programme.kept_answer import facts_of
from portal.programme.locking import lock_parties, lock_what_is_shared
from portal.programme.posting import move_perks, move_points, parties
from portal.programme.receipt_notices import announce_receipt
from portal.programme.scene import Scene, read_scene
from portal.programme.spending import check_spending, use_code
from portal.programme.telling import receipt_answer
from portal.programme.tier_notices import write_climb
from portal.programme.told import ToldReceipt
from portal.programme.told_before import OPERATION, Digests, answer_under_key, answer_under_number, digests_of
from portal.receipts import operations as receipts
from portal.receipts.queries import Document
from portal.rulebook.explain import Sale

_CREATED = 201


def record_receipt(session: Session, told: ToldReceipt, *, command: Command) -> Answered[ReceiptAnswer]:
    """Record a receipt and everything it brings, once, and answer as api.md says.

    The same key and body, or the same receipt under another key, is answered as it was before. More points than the
    receipt takes are cut to `limits.max_points`; more than the member has are refused. Raises `IdempotencyConflict`,
    `ReceiptConflict`, `FutureReceipt`, `ReceiptTooOld`, `RotatingCodeRequired`, `SpendingPaused`, `GuestsHaveNoPoints`,
    `NotEnoughPoints`, `QuoteOutdated`, `TooManyGuesses` and what `judge_receipt` raises.
    """
    lock_parties(session, told.member)
    lock_what_is_shared(session, told.receipt.coupons)
    scene = read_scene(session, told, command)
    digests = digests_of(told)
    if answered := answer_under_key(session, told, scene, digests):
        return answered
    if answered := answer_under_number(session, told, scene, digests):
        _remember_alone(session, scene, command, digests)
        return answered
    refuse_guessing(told, scene)
    check_time(told, scene, command)
    judged = judge_receipt(session, told, scene, command)
    check_spending(told, scene, judged.verdict, command)
    check_points(told, judged)
    check_agreed(judged, command)
    return _record(session, told, scene, judged, command, digests)


def _record(
    session: Session, told: ToldReceipt, scene: Scene, judged: Judged, command: Command, digests: Digests
) -> Answered[ReceiptAnswer]:
    receipt_id, now = new_id(command.now), command.now
    outcome, at = judged.outcome, min(told.receipt.at, now)
    batch = Batch()
    move_points(scene, outcome, receipt_id=receipt_id, hold=told.hold, at=at, now=now)
    posted = move_perks(batch, scene, outcome, receipt_id=receipt_id, at=at)
    use_code(batch, told, judged.verdict, command)
    count_guesses(batch, told, scene, command)
    usage = count_receipt(batch, scene, outcome, receipt_id=receipt_id, at=told.receipt.at)
    climb = scene.climb.bought(outcome.due, at=at) if scene.climb else None
    answer = receipt_answer(
        Sale(rulebook=scene.rulebook, receipt=told.receipt, outcome=outcome),
        receipt_id=receipt_id,
        book=scene.book,
        climb=climb,
        codes=posted.codes,
        language=command.language,
        now=now,
    )
    write_climb(batch, climb, scene, now=now)
    ledger.store(batch, *parties(scene))
    used = {**posted.used, **usage}
    _keep(batch, told, scene, judged, command, receipt_id=receipt_id, digests=digests, used=used)
    kept = facts_of(answer, language=command.language)
    _remember(batch, command, digest=digests.command, status=_CREATED, kept=kept)
    if command.evidence:
        receipts.keep_evidence(batch, command.evidence, subject="receipt", subject_id=receipt_id, now=now)
    _tell(batch, answer, told)
    announce_receipt(batch, scene, outcome, receipt_id=receipt_id, now=now)
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
    digests: Digests,
    used: dict[str, Any],
) -> None:
    day = told.receipt.at.astimezone(scene.rulebook.zone).date()
    receipts.record(
        batch,
        receipts.NewReceipt(
            id=receipt_id,
            told=told.receipt,
            document=digests.document,
            member_id=scene.member_id,
            rulebook=scene.rulebook,
            outcome=judged.outcome,
            state=judged_state_json(judged.state, judged.outcome, day=day),
            digest=digests.receipt,
            used=used,
        ),
        client=command.client,
        key=command.key,
        now=command.now,
    )


def _remember_alone(session: Session, scene: Scene, command: Command, digests: Digests) -> None:
    """Remember the answer to a recorded receipt under one more key."""
    batch = Batch()
    if scene.recorded:
        _remember(batch, command, digest=digests.command, status=scene.recorded.status, kept=scene.recorded.answer)
        batch.flush(session)


def _remember(batch: Batch, command: Command, *, digest: str, status: int, kept: Document) -> None:
    receipts.remember(
        batch,
        client=command.client,
        key=command.key,
        operation=OPERATION,
        digest=digest,
        status=status,
        answer=kept,
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
