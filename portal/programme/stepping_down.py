"""A refund may undo what let a member rise (domain.md §4.1, refund guard)."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.outbox import operations as outbox
from portal.programme.climb_column import climb_of
from portal.programme.climbing import find_climb
from portal.programme.refund_scene import RefundScene
from portal.programme.rulebooks import rulebook_in_force
from portal.programme.tier_notices import JUDGE_RETURN, tell_climb
from portal.receipts.queries import Refundable, kept_receipts
from portal.referrals.queries import counted_for
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
    if plan.full and ladder.asks("referrals"):
        _judge_referrer(session, batch, receipt.member_id, now=now)
    if climb is not None:
        left = [Kept(each.at, each.money) for each in scene.kept_after(plan.money)]
        tell_climb(batch, climb.gave_back(left, at=at), receipt.member_id, now=now)


def _judge_referrer(session: Session, batch: Batch, member_id: str, *, now: datetime) -> None:
    """Have whoever brought the buyer judged after the commit: one friend less may count."""
    referrer = counted_for(session, member_id)
    if referrer is not None:
        outbox.enqueue(batch, JUDGE_RETURN, arguments={"member": referrer}, now=now)


def judge_return(session: Session, member_id: str, *, now: datetime) -> None:
    """Move a member back where a rise of the last days no longer stands without a friend's purchase."""
    rulebook = rulebook_in_force(session, at=now)
    if rulebook.tiers is None:
        return
    rises = standing_after(last_changes(session, member_id), rulebook.tiers).rises
    climb = climb_of(session, rulebook, member_id, at=now)
    if climb is not None:
        batch, kept = Batch(), kept_receipts(session, member_id, since=None)
        found = climb if climb.changes else replace(climb, standing=replace(climb.standing, rises=rises))
        tell_climb(batch, found.gave_back((Kept(each.at, each.money) for each in kept), at=now), member_id, now=now)
        batch.flush(session)
