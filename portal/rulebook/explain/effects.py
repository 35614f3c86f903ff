"""What an effect does, in a few words: one small function per kind."""

from collections.abc import Callable
from typing import Any

from portal.rulebook.document import Rulebook
from portal.rulebook.effects import Effect
from portal.rulebook.explain.sale import named_title
from portal.rulebook.explain.voice import Voice
from portal.rulebook.explain.words import Language

_Slots = Callable[[Any, Rulebook, Voice], dict[str, str]]


def explain_effect(effect: Effect, *, rulebook: Rulebook, language: Language, year: int) -> str:
    """Return what an effect does, for a list of offers: «5 % баллами», “2 for the price of 1”."""
    voice = Voice(language=language, currency=rulebook.currency, year=year, zone=rulebook.zone)
    return effect_text(effect, rulebook=rulebook, voice=voice)


def effect_text(effect: Effect, *, rulebook: Rulebook, voice: Voice) -> str:
    """Return what an effect does, in this voice."""
    return voice.say(effect.type, **EFFECT_SLOTS[effect.type](effect, rulebook, voice))


def at_most(money: int | None, voice: Voice) -> str:
    """Return the end of a sentence that names a limit in money, nothing where there is none."""
    return "" if money is None else voice.say("limited_to", amount=voice.money(money))


EFFECT_SLOTS: dict[str, _Slots] = {
    "discount_percent": lambda effect, _, voice: {
        "rate": voice.percent(effect.rate_bp),
        "most": at_most(effect.max_minor, voice),
    },
    "discount_fixed": lambda effect, _, voice: {"amount": voice.money(effect.amount)},
    "special_price": lambda effect, _, voice: {"price": voice.money(effect.unit_price)},
    "n_for_m": lambda effect, _, voice: {"take": voice.number(effect.take), "pay": voice.number(effect.pay)},
    "bundle": lambda effect, _, voice: {"price": voice.money(effect.price)},
    "gift_item": lambda *_: {},
    "accrue_percent": lambda effect, _, voice: {"rate": voice.percent(effect.rate_bp)},
    "accrue_fixed": lambda effect, _, voice: {"points": voice.points(effect.points)},
    "accrue_per_unit": lambda effect, _, voice: {
        "points": voice.points(effect.points),
        "per": voice.units(effect.per),
    },
    "multiply": lambda effect, _, voice: {"factor": voice.factor(effect.factor_bp)},
    "block": lambda effect, _, voice: {"what": voice.listed([voice.say(f"block_{each}") for each in effect.what])},
    "redemption_limit": lambda effect, _, voice: {"share": voice.percent(effect.max_share_bp)},
    "unlock": lambda effect, rulebook, voice: {
        "privilege": voice.quoted(named_title(rulebook.privileges, effect.privilege)),
        "days": voice.counted("days", effect.valid_days),
    },
    "issue_coupon": lambda effect, rulebook, voice: {
        "coupon": voice.quoted(named_title(rulebook.coupons, effect.template)),
        "days": voice.counted("days", effect.valid_days),
    },
}
