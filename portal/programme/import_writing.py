"""What an imported receipt adds to the batch of its chunk."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.db import Batch
from portal.ids import new_id
from portal.programme.answer_json import answer_json
from portal.programme.answers import AnswerFacts
from portal.programme.counting import count_receipt
from portal.programme.judged_state import judged_state_json
from portal.programme.judging import Judged
from portal.programme.posting import Posted, move_perks, move_points
from portal.programme.scene import Scene
from portal.programme.told import ToldReceipt
from portal.programme.told_before import OPERATION
from portal.receipts import operations as receipts
from portal.receipts.queries import Document
from portal.rulebook.explain import Language

CLIENT = "import"
_CREATED = 201


@dataclass(frozen=True, slots=True)
class NamedReceipt:
    """A receipt of a chunk, by its place, with its plain JSON and whose it is (None: a guest's)."""

    place: int
    told: ToldReceipt
    document: Document
    digest: str
    member_id: str | None


def write_receipt(
    batch: Batch,
    named: NamedReceipt,
    scene: Scene,
    judged: Judged,
    *,
    language: Language,
    now: datetime,
    counted: bool = False,
) -> dict[str, Any]:
    """Move the points in the books and add the rest of a receipt to the batch; return which rights it used.

    With `counted` the member's history and the uses of capped rules are counted here, else by whoever keeps them.
    """
    receipt_id, at, outcome = new_id(named.told.receipt.at), named.told.receipt.at, judged.outcome
    move_points(scene, outcome, receipt_id=receipt_id, hold=None, at=at, now=at)
    posted = move_perks(batch, scene, outcome, receipt_id=receipt_id, at=at)
    usage: dict[str, Any] = {}
    if counted:
        if scene.climb is not None and scene.member_id is not None:
            scene.climb.bought(outcome.due, at=at).write(batch, scene.member_id, now=now)
        usage = count_receipt(batch, scene, outcome, receipt_id=receipt_id, at=at)
    elif scene.member_id is not None and outcome.birthday_used is not None:
        receipts.celebrate(batch, scene.member_id, year=outcome.birthday_used, receipt_id=receipt_id)
    _keep(batch, named, scene, judged, receipt_id=receipt_id, used={**posted.used, **usage}, now=now)
    _remember(batch, named, scene, posted, receipt_id=receipt_id, language=language, now=now)
    return posted.used


def _keep(
    batch: Batch,
    named: NamedReceipt,
    scene: Scene,
    judged: Judged,
    *,
    receipt_id: str,
    used: dict[str, Any],
    now: datetime,
) -> None:
    told = named.told.receipt
    day = told.at.astimezone(scene.rulebook.zone).date()
    receipt = receipts.NewReceipt(
        id=receipt_id,
        told=told,
        document=named.document,
        member_id=scene.member_id,
        rulebook=scene.rulebook,
        outcome=judged.outcome,
        state=judged_state_json(judged.state, judged.outcome, day=day),
        digest=named.digest,
        used=used,
    )
    receipts.record(batch, receipt, client=CLIENT, key=_key(named), now=now)


def _remember(
    batch: Batch,
    named: NamedReceipt,
    scene: Scene,
    posted: Posted,
    *,
    receipt_id: str,
    language: Language,
    now: datetime,
) -> None:
    """Keep what an answer to a till would have said, but for the balance of long ago: look-ups of it show it."""
    posted_now = scene.book.entries if scene.book else []
    facts = AnswerFacts(
        receipt_id=receipt_id,
        member_id=scene.member_id,
        language=language,
        codes=posted.codes,
        balance=None,
        tier=None,
        entries=tuple(str(entry.number) for entry in posted_now if entry.origin.receipt == receipt_id),
    )
    receipts.remember(
        batch,
        client=CLIENT,
        key=_key(named),
        operation=OPERATION,
        digest=named.digest,
        status=_CREATED,
        answer=answer_json(facts),
        now=now,
    )


def _key(named: NamedReceipt) -> str:
    return f"{named.told.receipt.store}/{named.told.receipt.number}"
