"""What a refund undoes besides points: rights opened and used, counters, the purchase itself (domain.md §2.6, 5)."""

from typing import Any

from portal.db import Batch
from portal.perks import operations as perks
from portal.receipts import operations as receipts
from portal.receipts.operations import UsageChange
from portal.receipts.queries import Refundable
from portal.rulebook.refunds import RefundPlan
from portal.rulebook.tiers import Totals
from portal.segments import operations as segments


def undo_rights(batch: Batch, receipt: Refundable, plan: RefundPlan) -> None:
    """Take back privileges opened for goods no longer kept; a full return gives back all that was used up."""
    perks.close(batch, receipt.id, privileges=plan.closed)
    if not plan.full:
        return
    used: dict[str, Any] = receipt.used
    perks.undo(batch, receipt.id, privileges=used.get("privileges", ()), coupons=used.get("coupons", ()))
    if receipt.member_id is not None:
        segments.give_back(batch, receipt.member_id, tuple(used.get("segments", ())))
        receipts.uncelebrate(batch, receipt.id)


def undo_counters(batch: Batch, receipt: Refundable, plan: RefundPlan, *, kept: Totals) -> None:
    """Let caps forget what came back, and with a full return let the purchase be none; `kept` is what stands now."""
    receipts.uncount_usage(batch, _usage_back(receipt, plan))
    if receipt.member_id is None:
        return
    purchases, last = receipt.purchases, receipt.last
    if plan.full:
        purchases, last = purchases - 1, receipt.other
    receipts.turn(batch, receipt.member_id, turns=receipt.turns, purchases=purchases, last=last, kept=kept)


def _usage_back(receipt: Refundable, plan: RefundPlan) -> list[UsageChange]:
    return [
        UsageChange(
            member_id=member_id,
            day=day,
            rule=rule,
            points=plan.reversed.get(rule, 0),
            minor=plan.undiscounted.get(rule, 0),
            uses=1 if plan.full else 0,
        )
        for member_id, day, rule in receipt.used.get("usage", ())
    ]
