"""Why a rule did nothing on a receipt: one small function per reason, from the facts the evaluation kept.

A reason is a condition's type, `group:<id>`, `cap:<scope>` or one of the few others of `outcome.Skipped`.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any, TypeAlias

from portal.rulebook.explain.reason_words import PLACES, TOPICS
from portal.rulebook.explain.voice import Voice, capital
from portal.rulebook.moments import is_before

Facts: TypeAlias = Mapping[str, Any]
Reason: TypeAlias = Callable[[Voice, Facts], str]


def reason_text(reason: str, facts: Facts, *, voice: Voice) -> str:
    """Return the sentence for a reason of `Skipped`."""
    kind, _, detail = reason.partition(":")
    if kind == "cap":
        return voice.say(f"cap_{detail}")
    return REASON_TEXTS[kind](voice, facts)


def _any(voice: Voice, facts: Facts) -> str:
    parts = [reason_text(each["reason"], each["facts"], voice=voice) for each in facts.get("of", ())]
    return voice.say("any", parts=" ".join(parts)).strip()


def _not(voice: Voice, facts: Facts) -> str:
    return voice.say("not", topic=getattr(TOPICS[facts["of"]], voice.language))


def _time_window(voice: Voice, facts: Facts) -> str:
    at, since = datetime.fromisoformat(facts["at"]), facts.get("from")
    if since and is_before(at, datetime.fromisoformat(since)):
        return voice.say("time_window_early", moment=voice.moment(datetime.fromisoformat(since)))
    return voice.say("time_window_late", moment=voice.moment(datetime.fromisoformat(facts["until"])))


def _weekly(voice: Voice, facts: Facts) -> str:
    start, end = facts["start"][:5], facts["end"][:5]
    days, whole_day = voice.weekdays(facts["days"]), start == end
    if len(facts["days"]) == 7:
        return voice.say("weekly_hours", start=start, end=end)
    return voice.say("weekly_days", days=days) if whole_day else voice.say("weekly", days=days, start=start, end=end)


def _tier(voice: Voice, facts: Facts) -> str:
    wanted = voice.listed([voice.quoted(tier) for tier in facts["in"]], joint="or")
    if facts.get("found"):
        return voice.say("tier_found", wanted=wanted, found=voice.quoted(facts["found"]))
    return voice.say("tier", wanted=wanted)


def _receipt_total(voice: Voice, facts: Facts) -> str:
    return _total("receipt_total", voice, facts)


def _line_total(voice: Voice, facts: Facts) -> str:
    return _total("line_total", voice, facts)


def _total(key: str, voice: Voice, facts: Facts) -> str:
    value, lack = facts["value"], lack_of(facts)
    basis = voice.say("after_discounts" if facts.get("basis") == "net" else "before_discounts")
    text = voice.say(key, needed=_needed(facts, voice, voice.money, value), value=voice.money(value), basis=basis)
    return f"{text} {voice.say('short_of', lack=voice.money(lack))}" if lack else text


def _line_qty(voice: Voice, facts: Facts) -> str:
    value, least = Fraction(facts["value"]), Fraction(facts["min"])
    text = voice.say("line_qty", needed=voice.say("at_least", amount=voice.units(least)), value=voice.units(value))
    return f"{text} {voice.say('short_of', lack=voice.units(least - value))}"


def lack_of(facts: Facts) -> int:
    """Return how much money a threshold lacks, 0 when it lacks none."""
    least = max(facts.get("min", 0), facts["more_than"] + 1 if "more_than" in facts else 0)
    return max(least - facts["value"], 0)


def _needed(facts: Facts, voice: Voice, write: Callable[[int], str], value: int) -> str:
    """Name the first threshold that the value does not pass."""
    if value < facts.get("min", value):
        return voice.say("at_least", amount=write(facts["min"]))
    if "more_than" in facts and value <= facts["more_than"]:
        return voice.say("more_than", amount=write(facts["more_than"]))
    return voice.say("at_most", amount=write(facts["max"]))


def _previous_purchase(voice: Voice, facts: Facts) -> str:
    value, within = facts.get("value"), facts.get("within_days")
    if value is None:
        return voice.say("previous_purchase_none")
    if value < facts.get("min", 0) or value <= facts.get("more_than", -1):
        needed = _needed(facts, voice, voice.money, value)
        return voice.say("previous_purchase_amount", needed=needed, value=voice.money(value))
    needed = voice.say("at_most", amount=voice.counted("days_bound", within or 0))
    return voice.say("previous_purchase_old", day=voice.day(date.fromisoformat(facts["on"])), needed=needed)


def _purchase_number(voice: Voice, facts: Facts) -> str:
    if facts.get("value") is None:
        return voice.say("purchase_number_guest")
    return voice.say("purchase_number", value=facts["value"], range=_numbers(voice, facts.get("from"), facts.get("to")))


def _numbers(voice: Voice, first: int | None, last: int | None) -> str:
    if last is None:
        return voice.say("numbers_from", first=first)
    if first is None or first == 1:
        return voice.say("numbers_to", last=last)
    return voice.say("number_only" if first == last else "numbers_between", first=first, last=last)


def _days_since_last(voice: Voice, facts: Facts) -> str:
    value = facts.get("value")
    if value is None:
        return voice.say("days_since_last_none")
    needed = _needed(facts, voice, lambda days: voice.counted("days_bound", days), value)
    return voice.say("days_since_last", value=voice.counted("days", value), needed=needed)


def _referred(voice: Voice, facts: Facts) -> str:
    return voice.say("referred_by" if facts.get("by") else "referred")


def _channel(voice: Voice, facts: Facts) -> str:
    places = [getattr(PLACES[name], voice.language) if name in PLACES else voice.quoted(name) for name in facts["in"]]
    return voice.say("channel", places=voice.listed(places, joint="or"))


def _store(voice: Voice, facts: Facts) -> str:
    return voice.say("store", stores=voice.listed([voice.quoted(name) for name in facts["in"]], joint="or"))


def _birthday(voice: Voice, facts: Facts) -> str:
    if not facts.get("told"):
        return voice.say("birthday_untold")
    before, after = (voice.counted("days", facts[side]) for side in ("before", "after"))
    return voice.say("birthday", before=before, after=after)


def _privilege(voice: Voice, facts: Facts) -> str:
    if not facts.get("ended"):
        return voice.say("privilege")
    return voice.say("privilege_ended", day=voice.last_day(datetime.fromisoformat(facts["ended"])))


def _group(voice: Voice, facts: Facts) -> str:
    winner = facts.get("winner_title") or facts.get("winner")
    return voice.say("group_winner", winner=capital(voice.quoted(winner))) if winner else voice.say("group")


def _smaller_multiplier(voice: Voice, facts: Facts) -> str:
    factor = facts.get("factor_bp")
    if not factor:
        return voice.say("smaller_multiplier")
    return voice.say("smaller_multiplier_factor", factor=voice.factor(factor))


def _blocked(voice: Voice, facts: Facts) -> str:
    rule = facts.get("by_title") or facts.get("by")
    return voice.say("blocked_by", rule=voice.quoted(rule)) if rule else voice.say("blocked")


def _plain(key: str) -> Reason:
    return lambda voice, _: voice.say(key)


REASON_TEXTS: dict[str, Reason] = {
    "any": _any,
    "not": _not,
    "time_window": _time_window,
    "weekly": _weekly,
    "tier": _tier,
    "receipt_total": _receipt_total,
    "line_total": _line_total,
    "line_qty": _line_qty,
    "previous_purchase": _previous_purchase,
    "purchase_number": _purchase_number,
    "days_since_last": _days_since_last,
    "referred": _referred,
    "channel": _channel,
    "store": _store,
    "birthday": _birthday,
    "privilege": _privilege,
    "group": _group,
    "smaller_multiplier": _smaller_multiplier,
    "blocked": _blocked,
} | {
    key: _plain(key)
    for key in (
        "always", "all", "segment", "coupon", "profile", "no_member", "no_referrer", "no_agent",
        "no_accrual_when_redeeming",
    )
}  # fmt: skip
