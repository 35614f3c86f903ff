"""A ladder in words: what lets in, and how a tier is kept."""

from portal.rulebook.explain.tiers import whole_money
from portal.rulebook.explain.voice import Voice, capital
from portal.rulebook.tiers.ladder import (
    AnyOf,
    ByPeriod,
    Calendar,
    Ladder,
    Rolling,
    Threshold,
    Tier,
    TierCondition,
    parts_of,
)

_COUNTED = {"purchases": "purchases", "referrals": "friends", "quests_done": "quests"}


def explain_enter(tier: Tier, voice: Voice) -> str:
    """Say what lets in: `Покупки от 10 000 ₽ за полгода или один чек от 5 000 ₽`."""
    return capital(_condition(tier.enter, voice) if tier.enter else voice.say("tier_from_start"))


def explain_keeping(ladder: Ladder, voice: Voice) -> str:
    """Say how tiers are kept: for life, or by the purchases of each period."""
    keep = ladder.keep
    if not isinstance(keep, ByPeriod):
        return voice.say("keep_lifelong")
    told = voice.say(f"keep_{keep.unit}")
    if keep.grace_days:
        return voice.say("keep_grace", keep=told, days=voice.counted("days", keep.grace_days))
    return voice.say("keep_now", keep=told)


def _condition(condition: TierCondition, voice: Voice) -> str:
    if isinstance(condition, Threshold):
        return _window(condition, _goal(condition, voice), voice)
    joint = "or" if isinstance(condition, AnyOf) else "and"
    return voice.listed([_condition(part, voice) for part in parts_of(condition)], joint=joint)


def _goal(threshold: Threshold, voice: Voice) -> str:
    if threshold.metric in _COUNTED:
        return voice.counted(_COUNTED[threshold.metric], threshold.goal)
    of = "tier_spend" if threshold.metric == "spend" else "tier_one_receipt"
    above = "tier_spend_above" if threshold.metric == "spend" else "tier_receipt_above"
    if threshold.min is not None:
        return voice.say(of, money=whole_money(threshold.min, voice))
    return voice.say(above, money=whole_money(threshold.more_than or 0, voice))


def _window(threshold: Threshold, what: str, voice: Voice) -> str:
    window = threshold.window
    if isinstance(window, Rolling):
        return voice.say("window_days", what=what, days=voice.counted("days", window.days))
    return voice.say(f"window_{window.unit}", what=what) if isinstance(window, Calendar) else what
