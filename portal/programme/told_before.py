"""A receipt that was told before, under its key or under its number, is answered as it was."""

import hashlib
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.programme.answers import ReceiptAnswer
from portal.programme.command import Answered, IdempotencyConflict, digest_of
from portal.programme.kept_answer import whole_answer
from portal.programme.scene import Scene
from portal.programme.told import ToldReceipt
from portal.receipts.queries import Document
from portal.rulebook.receipt import receipt_json

OPERATION = "receipt"


class ReceiptConflict(Refused):
    code = "receipt-conflict"
    status = 409
    text = "Another receipt was recorded under this number of this store."


@dataclass(frozen=True, slots=True)
class Digests:
    """Hashes of a told receipt, and of the whole command; `document` is the receipt as it is kept.

    Neither covers how the member was named: a phone could be guessed from its hash for ever. Whose receipt it is is
    compared by the member's id.
    """

    receipt: str
    command: str
    document: Document


def digests_of(told: ToldReceipt) -> Digests:
    """Return the hashes of what was told."""
    document = receipt_json(told.receipt)
    receipt = digest_of(document)
    if told.hold is None:
        return Digests(receipt, receipt, document)
    return Digests(receipt, hashlib.sha256(f"{receipt}/{told.hold}".encode()).hexdigest(), document)


def answer_under_key(
    session: Session, told: ToldReceipt, scene: Scene, digests: Digests
) -> Answered[ReceiptAnswer] | None:
    """Return what was answered under this key, None when it is new. Raises `IdempotencyConflict` for another body."""
    known = scene.remembered
    if known is None:
        return None
    same = (known.operation, known.digest) == (OPERATION, digests.command)
    if not same or not _same_member(told, scene, known.answer["member_id"]):
        raise IdempotencyConflict
    return _again(session, known.answer, known.status)


def answer_under_number(
    session: Session, told: ToldReceipt, scene: Scene, digests: Digests
) -> Answered[ReceiptAnswer] | None:
    """Return what this receipt was answered under another key, None when it is new.

    Raises `ReceiptConflict` for another receipt, or another member's.
    """
    recorded = scene.recorded
    if recorded is None:
        return None
    if recorded.digest != digests.receipt or not _same_member(told, scene, recorded.member_id):
        raise ReceiptConflict
    return _again(session, recorded.answer, recorded.status)


def _same_member(told: ToldReceipt, scene: Scene, member_id: str | None) -> bool:
    """Tell whether it is the same buyer; whoever is not found any more was erased since, and is taken for the same."""
    forgotten = told.member is not None and scene.person is None
    return scene.member_id == member_id or (forgotten and member_id is not None)


def _again(session: Session, kept: Document, status: int) -> Answered[ReceiptAnswer]:
    return Answered(whole_answer(session, kept), status, replayed=True)
