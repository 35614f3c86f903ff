"""The ladder as a member sees it: every tier, where they stand, how they came there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.programme.answers import TierAnswer
from portal.programme.climb_column import climb_of
from portal.programme.rulebooks import rulebook_in_force
from portal.programme.telling_tiers import tier_answer, voice_at
from portal.programme.tiers_shown import TierShown, benefits_of, shown_tier
from portal.rulebook.document import Rulebook
from portal.rulebook.explain.ladder import explain_enter, explain_keeping
from portal.rulebook.explain.tiers import tier_title
from portal.rulebook.explain.voice import Voice
from portal.rulebook.explain.words import Language
from portal.rulebook.tiers import Cause, Ladder
from portal.tiers.queries import ListedChange, list_changes

MOST_LISTED = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One tier of the ladder: what lets in, what it gives, whether it is `reached` and is the member's `own`."""

    title: str
    enter: str
    gives: tuple[str, ...]
    reached: bool
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A change of the tier, for the history."""

    at: datetime
    title: str
    cause: Cause
    up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderShown:
    """The whole ladder, the highest tier first, and the history, the newest first. `keeping` is its rule in words."""

    tier: TierShown
    keeping: str
    steps: tuple[Step, ...]
    history: tuple[Moved, ...]
    rulebook: Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldChange:
    """A change of the tier; `cause` is rise, period, refund, manual or manual_ended."""

    at: datetime
    from_tier: str
    to_tier: str
    cause: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TierTold:
    """Where a member stands (null without a ladder), and the last changes, the newest first."""

    tier: TierAnswer | None
    history: tuple[ToldChange, ...]


def tell_tier(session: Session, member_id: str, *, language: Language, now: datetime) -> TierTold:
    """Return a member's tier as the shop's systems see it. Raises `NoRulebook`."""
    rulebook = rulebook_in_force(session, at=now)
    climb = climb_of(session, rulebook, member_id, at=now)
    changes = list_changes(session, member_id, limit=MOST_LISTED)
    return TierTold(
        tier=tier_answer(climb, rulebook, language=language, at=now),
        history=tuple(
            ToldChange(
                at=each.change.at,
                from_tier=each.change.from_,
                to_tier=each.change.to,
                cause=each.change.cause,
                reason=each.reason,
            )
            for each in changes
        ),
    )


def member_tier(session: Session, member_id: str, *, language: Language, now: datetime) -> LadderShown | None:
    """Return the ladder with where a member stands; None where the programme has none. Raises `NoRulebook`."""
    rulebook = rulebook_in_force(session, at=now)
    ladder, climb = rulebook.tiers, climb_of(session, rulebook, member_id, at=now)
    shown = shown_tier(climb, rulebook, language=language, at=now)
    if ladder is None or shown is None:
        return None
    voice, rank = voice_at(rulebook, language=language, at=now), ladder.rank(shown.id)
    steps = (
        Step(
            title=tier_title(tier, voice),
            enter=explain_enter(tier, voice),
            gives=benefits_of(tier, voice),
            reached=n <= rank,
            own=n == rank,
        )
        for n, tier in enumerate(ladder.tiers)
    )
    changes = list_changes(session, member_id, limit=MOST_LISTED)
    return LadderShown(
        tier=shown,
        keeping=explain_keeping(ladder, voice),
        steps=tuple(reversed(list(steps))),
        history=tuple(_moved(each, ladder, voice) for each in changes),
        rulebook=rulebook,
    )


def _moved(listed: ListedChange, ladder: Ladder, voice: Voice) -> Moved:
    change = listed.change
    return Moved(
        at=change.at,
        title=tier_title(ladder.tier(change.to), voice) if ladder.knows(change.to) else change.to,
        cause=change.cause,
        up=ladder.rank(change.to) > ladder.rank(change.from_),
    )
