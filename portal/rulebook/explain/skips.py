"""Why a rule did nothing, and what a little more would have brought."""

from collections.abc import Mapping
from fractions import Fraction

from portal.rulebook.explain.reasons import lack_of, reason_text
from portal.rulebook.explain.sale import Sale
from portal.rulebook.explain.voice import Voice
from portal.rulebook.outcome import Skipped

_LACKING = {"line_qty", "receipt_total", "line_total"}
"""Reasons that say how much is missing."""


def explain_skipped(skipped: Skipped, *, sale: Sale, voice: Voice) -> str:
    """Return why a rule gave nothing: «Нужно не меньше 3 000,00 ₽, в чеке 2 970,00 ₽. Не хватило 30,00 ₽»."""
    return reason_text(skipped.reason, _with_titles(skipped, sale), voice=voice)


def explain_nudges(sale: Sale, *, voice: Voice) -> tuple[str, ...]:
    """Return what a little more would have brought, for visible rules: «Ещё 30,00 ₽ – и сработает «…»»."""
    return tuple(text for skipped in sale.outcome.skipped if (text := _nudge(skipped, sale, voice)))


def _nudge(skipped: Skipped, sale: Sale, voice: Voice) -> str | None:
    """Return a nudge when less is missing than is there already: at 1 600.00 of 3 000.00, not at 1 400.00."""
    rule = sale.rule(skipped.rule) if skipped.reason in _LACKING else None
    if rule is None or not rule.visible:
        return None
    facts, goods = skipped.facts, skipped.reason == "line_qty"
    value = Fraction(facts["value"]) if goods else facts["value"]
    lack = Fraction(facts["min"]) - value if goods else lack_of(facts)
    if not 0 < lack < value:
        return None
    amount = voice.units(lack) if goods else voice.money(int(lack))
    return voice.say("nudge", lack=amount, rule=voice.quoted(sale.title(skipped.rule)))


def _with_titles(skipped: Skipped, sale: Sale) -> Mapping[str, object]:
    """Add the titles of the rules that the facts name by id."""
    facts = skipped.facts
    named = [key for key in ("winner", "by") if isinstance(facts.get(key), str)]
    return {**facts, **{f"{key}_title": sale.title(facts[key]) for key in named}}
