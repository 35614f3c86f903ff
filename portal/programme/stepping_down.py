"""A refund may undo what let a member rise (domain.md §4.1, refund guard)."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.programme.climbing import find_climb
from portal.programme.refund_scene import RefundScene
from portal.programme.tier_notices import tell_climb
from portal.receipts.queries import Refundable
from portal.rulebook.refunds import RefundPlan
from portal.rulebook.tiers import Kept, Totals, standing_after
from portal.tiers.queries import last_changes


def step_down(
    session: Session,
    batch: Batch,
    scene: RefundScene,
    receipt: Refundable,
    plan: RefundPlan,
    *,
    at: datetime,
    now: datetime,
) -> None:
    """Move the buyer back where a rise of the last days no longer stands, by the ladder of today."""
    ladder = scene.today.tiers
    if receipt.member_id is None or ladder is None:
        return
    climb = find_climb(
        session,
        scene.today,
        receipt.member_id,
        stored=scene.standing,
        totals=Totals.of(each.money for each in scene.kept),
        kept=scene.kept,
        since=None,
        at=at,
        rises=standing_after(last_changes(session, receipt.member_id), ladder).rises,
    )
    if climb is not None:
        left = [Kept(each.at, each.money) for each in scene.kept_after(plan.money)]
        tell_climb(batch, climb.gave_back(left, at=at), receipt.member_id, now=now)
