"""Changes of tiers are written and told: to the member, to the world outside, and to whoever brought the buyer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from portal.db import Batch
from portal.outbox import operations as outbox
from portal.programme.climbing import Climb
from portal.programme.notices import Notice, announce
from portal.programme.scene import Scene
from portal.rulebook.tiers import Change, Ladder, Tier

JUDGE = "judge_tier"
"""The kind of the jobs that judge one member anew."""
JUDGE_RETURN = "judge_return"
"""The kind of the jobs that judge one member anew whose friend brought everything back."""


def write_climb(batch: Batch, climb: Climb | None, scene: Scene, *, now: datetime) -> None:
    """Write and tell the buyer's changes; a friend's first purchase may let the referrer rise, after the commit."""
    if climb is None or scene.member_id is None:
        return
    tell_climb(batch, climb, scene.member_id, now=now)
    if scene.referrer is not None and scene.history.purchases == 0 and climb.ladder.asks("referrals"):
        outbox.enqueue(batch, JUDGE, arguments={"member": scene.referrer.member}, now=now)


def tell_climb(batch: Batch, climb: Climb, member_id: str, *, now: datetime) -> None:
    """Write a climb's changes; of several the last is told, but no rise up to a given tier that still works."""
    if not climb.changes:
        return
    climb.write(batch, member_id, now=now)
    last = climb.changes[-1]
    if last.cause == "rise" and climb.standing.is_given(last.to, at=now, ladder=climb.ladder):
        tell_outside(batch, climb.changes, member_id)
    else:
        tell_of_tier(batch, climb.changes, climb.ladder, member_id, now=now)


def tell_of_tier(batch: Batch, changes: Sequence[Change], ladder: Ladder, member_id: str, *, now: datetime) -> None:
    """Tell the member where changes led, if that is elsewhere, and the world outside of each."""
    if changes[0].from_ != changes[-1].to:
        announce(batch, member_id, [tier_notice(changes, ladder)], now=now)
    tell_outside(batch, changes, member_id)


def tell_outside(batch: Batch, changes: Sequence[Change], member_id: str) -> None:
    """Tell the world outside of changes."""
    for change in changes:
        payload = {"from": change.from_, "to": change.to, "cause": change.cause}
        outbox.tell(batch, "tier.changed", member_id=member_id, at=change.at, payload=payload)


def tier_notice(changes: Sequence[Change], ladder: Ladder) -> Notice:
    """Return what to tell: where the changes led, from where, and what that tier gives."""
    first, last = changes[0], changes[-1]
    tier = ladder.tier(last.to)
    facts = {
        "tier": plain_title(tier),
        "benefits": benefits_told(tier),
        "up": ladder.rank(last.to) > ladder.rank(first.from_),
        "cause": last.cause,
    }
    return Notice(kind="tier_changed", cause=f"{last.at.isoformat()}/{last.to}", facts=facts, at=last.at)


def benefits_told(tier: Tier) -> list[Any]:
    """Return the first things a tier gives as plain JSON, in every language there is."""
    return [_plain(each.text) for each in tier.benefits[:3]]


def plain_title(tier: Tier) -> Any:
    """Return a tier's title as plain JSON, in every language there is."""
    return _plain(tier.title) or tier.id.replace("_", " ").capitalize()


def _plain(title: Any) -> Any:
    return title if isinstance(title, str) else dict(title)
