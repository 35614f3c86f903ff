"""How far the next tier is, and about when a member is there without buying for it (product.md, the route planner)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.programme.climb_column import climb_of
from portal.programme.pace import Pace, usual_pace
from portal.programme.rulebooks import rulebook_in_force
from portal.programme.telling_tiers import voice_at
from portal.programme.tiers_shown import benefits_of
from portal.rulebook.explain.tiers import explain_left, tier_title
from portal.rulebook.explain.words import Language
from portal.rulebook.tiers import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ClimbRoute:
    """The way to the tier called `title`: `left` in words, through `last_day` (None: without an end), what it `gives`.

    `usual_at` is about when usual purchases bring it (None: nothing was bought lately, or purchases do not count).
    """

    title: str
    left: str
    last_day: date | None
    usual_at: datetime | None
    gives: tuple[str, ...]


def plan_climb(session: Session, member_id: str, *, language: Language, now: datetime) -> ClimbRoute | None:
    """Return the way to the next tier; None at the top and without a ladder. Raises `NoRulebook`."""
    rulebook = rulebook_in_force(session, at=now)
    climb = climb_of(session, rulebook, member_id, at=now)
    found = climb.progress(now) if climb else None
    if found is None or found.next is None or found.path is None:
        return None
    voice = voice_at(rulebook, language=language, at=now)
    return ClimbRoute(
        title=tier_title(found.next, voice),
        left=explain_left(found.path, voice),
        last_day=found.path.last_day,
        usual_at=_usual(found.path, usual_pace(session, member_id, now=now), now=now),
        gives=benefits_of(found.next, voice),
    )


def _usual(path: Path, pace: Pace, *, now: datetime) -> datetime | None:
    if path.metric == "spend":
        return pace.brings_spend(path.left, after=now)
    return pace.brings_purchases(path.left, after=now) if path.metric == "purchases" else None
