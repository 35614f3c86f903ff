"""Receipts and refunds, and the answers given to them: added to the batch of a story."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.db import Batch, Write, epoch, insert_into
from portal.receipts.tables import Idempotency, Receipt, Refund
from portal.rulebook.document import Rulebook
from portal.rulebook.outcome import Outcome, outcome_json
from portal.rulebook.receipt import Receipt as Told

Document = dict[str, Any]
RECORD = insert_into(Receipt.__table__)
RETURN = insert_into(Refund.__table__)
REMEMBER = insert_into(Idempotency.__table__)
CLOSE = Write(
    name="receipt_close",
    columns=(("id", "text"),),
    statement=(
        "update receipt set fully_returned = true from {rows} where receipt.id = r.id and not receipt.fully_returned"
    ),
    every_row=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReceipt:
    """A judged receipt to be recorded.

    `document` is what was told as plain JSON and `digest` its hash, `state` what the rules saw, `used` what it used
    up, for a refund.
    """

    id: str
    told: Told
    document: Document
    member_id: str | None
    rulebook: Rulebook
    outcome: Outcome
    digest: str
    state: Document
    used: Document


def record(batch: Batch, receipt: NewReceipt, *, client: str, key: str, now: datetime) -> None:
    """Record a receipt; a second one of its store and number breaks the uniqueness rule and is run again."""
    told, outcome = receipt.told, receipt.outcome
    row = {
        "id": receipt.id,
        "store": told.store,
        "number": told.number,
        "till": told.till or None,
        "channel": told.channel,
        "at": epoch(told.at),
        "recorded_at": epoch(now),
        "client": client,
        "key": key,
        "member_id": receipt.member_id,
        "rulebook": receipt.rulebook.label,
        "rulebook_digest": receipt.rulebook.digest,
        "digest": receipt.digest,
        "document": receipt.document,
        "state": receipt.state,
        "outcome": outcome_json(outcome),
        "used": receipt.used,
        "gross": outcome.total,
        "net": outcome.total - outcome.discount,
        "due": outcome.due,
        "points_spent": outcome.points_spent,
        "earned": outcome.earned.get(receipt.member_id or "", 0),
        "fully_returned": False,
    }
    batch.add(RECORD, row)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRefund:
    """The n-th refund of a receipt; `result` is what a later refund of it must know."""

    id: str
    receipt_id: str
    number: int
    at: datetime
    lines: Document
    result: Document
    money: int
    points: int


def refund(batch: Batch, refund: NewRefund, *, full: bool, now: datetime) -> None:
    """Record a refund; another one of the same number breaks the uniqueness rule and is run again.

    With `full` nothing of the receipt is left, and it stops being a purchase.
    """
    row = {"id": refund.id, "receipt_id": refund.receipt_id, "number": refund.number, "lines": refund.lines}
    sums = {"result": refund.result, "money": refund.money, "points": refund.points}
    batch.add(RETURN, {**row, **sums, "at": epoch(refund.at), "recorded_at": epoch(now)})
    if full:
        batch.add(CLOSE, {"id": refund.receipt_id})


def remember(
    batch: Batch, *, client: str, key: str, operation: str, digest: str, status: int, answer: Document, now: datetime
) -> None:
    """Keep the answer to a command; a second one under the same key breaks the primary key and is run again."""
    row = {"client": client, "key": key, "operation": operation, "digest": digest, "status": status}
    batch.add(REMEMBER, {**row, "answer": answer, "at": epoch(now)})
