"""Staff give a member a tier for a time, with a reason (domain.md §4.1, manual tier)."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.errors import Refused
from portal.programme.answers import TierAnswer
from portal.programme.climb_column import climb_of
from portal.programme.climbing import Climb
from portal.programme.command import Command
from portal.programme.rulebooks import rulebook_in_force
from portal.programme.telling_tiers import tier_answer
from portal.programme.tier_notices import tell_of_tier
from portal.rulebook.tiers import Change, Manual
from portal.tiers import operations as tiers


class NoLadder(Refused):
    code = "no-ladder"
    status = 409
    text = "The programme has no tiers. Publish a rulebook with a ladder first."


class UnknownTier(Refused):
    code = "unknown-tier"
    text = "The ladder has no tier %(tier)s. It has %(tiers)s."


class TierEndsInThePast(Refused):
    code = "tier-ends-in-the-past"
    text = "The end of the tier lies in the past. Give a later day."


class TierNotHigher(Refused):
    code = "tier-not-higher"
    text = "The member has earned this tier or a higher one. Give one above it, or none."


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenTier:
    """A tier to give until an instant; without a tier the one given before is taken back."""

    tier: str | None
    until: datetime | None
    reason: str


def give_tier(session: Session, member_id: str, given: GivenTier, *, command: Command) -> TierAnswer:
    """Give a member a tier above the earned one, or take a given one back; the earned one stays as it is.

    Raises `NoLadder`, `UnknownTier`, `TierEndsInThePast`, `TierNotHigher` or `NoRulebook`.
    """
    now = command.now
    rulebook = rulebook_in_force(session, at=now)
    climb = climb_of(session, rulebook, member_id, at=now)
    if climb is None:
        raise NoLadder
    manual = _manual(climb, given, now=now)
    before = climb.standing.tier_at(now, climb.ladder)
    standing = replace(climb.standing, manual=manual)
    after = standing.tier_at(now, climb.ladder)
    change = Change(at=now, from_=before.id, to=after.id, cause="manual" if manual else "manual_ended")
    batch = Batch()
    tiers.move(
        batch,
        member_id,
        climb.changes,
        standing=standing,
        number=climb.stored.number,
        rulebook=climb.label,
        now=now,
        given=tiers.ByHand(change, operator=command.operator or command.client, reason=given.reason),
    )
    tell_of_tier(batch, (*climb.changes, change), climb.ladder, member_id, now=now)
    batch.flush(session)
    moved = replace(climb, standing=standing)
    answer = tier_answer(moved, rulebook, language=command.language, at=now)
    if answer is None:
        raise NoLadder
    return answer


def _manual(climb: Climb, given: GivenTier, *, now: datetime) -> Manual | None:
    if given.tier is None or given.until is None:
        return None
    ladder = climb.ladder
    if not ladder.knows(given.tier):
        raise UnknownTier(tier=given.tier, tiers=", ".join(tier.id for tier in ladder.tiers))
    if given.until <= now:
        raise TierEndsInThePast
    if ladder.rank(given.tier) <= ladder.rank(climb.standing.tier):
        raise TierNotHigher
    return Manual(tier=given.tier, until=given.until)
