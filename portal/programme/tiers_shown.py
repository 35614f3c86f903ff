"""A member's tier as pages show it: the ring, what is left in words, what the next one gives."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.programme.climbing import Climb
from portal.programme.telling_tiers import voice_at
from portal.rulebook.document import Rulebook
from portal.rulebook.explain.tiers import explain_keep, explain_left, explain_path, tier_title
from portal.rulebook.explain.voice import Voice, capital
from portal.rulebook.explain.words import Language
from portal.rulebook.tiers import Tier

SHOWN_BENEFITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TierShown:
    """Where a member stands. The ring is `percent` full; `left` and `to` stand in it, `text` is both in one sentence.

    `gives` is what the next tier brings, at the top what this one does. `keep` says what is left to keep it and by
    when, "" when it is safe.
    """

    id: str
    title: str
    percent: int
    left: str
    to: str
    text: str
    last_day: date | None
    next_title: str
    gives: tuple[str, ...]
    keep: str


def shown_tier(climb: Climb | None, rulebook: Rulebook, *, language: Language, at: datetime) -> TierShown | None:
    """Return a member's tier for a page; None without a ladder."""
    if climb is None:
        return None
    voice, found = voice_at(rulebook, language=language, at=at), climb.progress(at)
    tier, path, keep = found.tier, found.path, found.keep
    following = found.next or tier
    return TierShown(
        id=tier.id,
        title=tier_title(tier, voice),
        percent=path.percent if path else 100,
        left=capital(voice.say("tier_left", left=explain_left(path, voice)))
        if path
        else capital(voice.say("tier_top")),
        to=voice.say("tier_to", tier=tier_title(following, voice)) if path else "",
        text=explain_path(path, following, voice) if path else tier_title(tier, voice),
        last_day=path.last_day if path else None,
        next_title=tier_title(found.next, voice) if found.next else "",
        gives=benefits_of(following, voice)[:SHOWN_BENEFITS],
        keep=explain_keep(keep, tier, voice) if keep else "",
    )


def benefits_of(tier: Tier, voice: Voice) -> tuple[str, ...]:
    return tuple(voice.title(each.text) for each in tier.benefits)
