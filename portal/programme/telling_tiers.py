"""A member's tier in the names of the API, with what is left in words."""

from datetime import datetime

from portal.programme.answers import TierAnswer, TierPathAnswer
from portal.programme.climbing import Climb
from portal.rulebook.document import Rulebook
from portal.rulebook.explain.tiers import explain_keep, explain_path, tier_title
from portal.rulebook.explain.voice import Voice
from portal.rulebook.explain.words import Language
from portal.rulebook.tiers import Path, Tier


def tier_answer(climb: Climb | None, rulebook: Rulebook, *, language: Language, at: datetime) -> TierAnswer | None:
    """Return where a member stands at an instant and what is left; None without a ladder."""
    if climb is None:
        return None
    voice, found = voice_at(rulebook, language=language, at=at), climb.progress(at)
    up, keep = found.path, found.keep
    return TierAnswer(
        id=found.tier.id,
        title=tier_title(found.tier, voice),
        since=climb.standing.since,
        progress=_path(up, found.next, explain_path(up, found.next, voice), voice) if up and found.next else None,
        keep=_path(keep, found.tier, explain_keep(keep, found.tier, voice), voice) if keep else None,
    )


def voice_at(rulebook: Rulebook, *, language: Language, at: datetime) -> Voice:
    """Return the voice that tells of this rulebook at an instant."""
    year = at.astimezone(rulebook.zone).year
    return Voice(language=language, currency=rulebook.currency, year=year, zone=rulebook.zone)


def _path(path: Path, tier: Tier, text: str, voice: Voice) -> TierPathAnswer:
    return TierPathAnswer(
        tier=tier.id,
        title=tier_title(tier, voice),
        metric=path.metric,
        value=path.value,
        goal=path.goal,
        left=path.left,
        percent=path.percent,
        last_day=path.last_day,
        text=text,
    )
