"""Counters that a receipt moves: the member's purchases, uses of capped rules, the birthday of the year."""

from datetime import datetime
from typing import Any

from portal.db import Batch
from portal.programme.scene import Scene
from portal.programme.usage import usage_changes
from portal.receipts import operations as receipts
from portal.receipts.queries import History
from portal.rulebook.outcome import Outcome


def count_receipt(batch: Batch, scene: Scene, outcome: Outcome, *, receipt_id: str, at: datetime) -> dict[str, Any]:
    """Count a receipt of the instant `at`, and return which uses of rules were counted, for a refund.

    The batch is `Stale` when another receipt of the same member was counted meanwhile.
    """
    member_id = scene.member_id
    day = at.astimezone(scene.rulebook.zone).date()
    used = usage_changes(scene.rulebook, outcome, member_id=member_id, day=day, seen=scene.history.usage)
    receipts.count_usage(batch, used)
    if member_id is not None:
        _count_purchase(batch, scene, outcome, member_id=member_id, receipt_id=receipt_id, at=at)
    return {"usage": [[each.member_id, each.day, each.rule] for each in used]} if used else {}


def _count_purchase(
    batch: Batch, scene: Scene, outcome: Outcome, *, member_id: str, receipt_id: str, at: datetime
) -> None:
    history, net = scene.history, outcome.total - outcome.discount
    last = _latest(history, at=at, net=net)
    purchases, kept = history.stored_purchases + 1, history.kept.plus(outcome.due)
    receipts.turn(batch, member_id, turns=history.turns, purchases=purchases, last=last, kept=kept)
    if outcome.birthday_used is not None:
        receipts.celebrate(batch, member_id, year=outcome.birthday_used, receipt_id=receipt_id)


def _latest(history: History, *, at: datetime, net: int) -> tuple[datetime, int]:
    """Return the last purchase: this one, unless it comes late."""
    known_at, known_net = history.stored_last_at, history.stored_last_net
    if known_at is None or known_net is None or known_at <= at:
        return at, net
    return known_at, known_net
