"""Why a rule did nothing, and what a little more would have brought."""

from fractions import Fraction

from portal.rulebook.explain.reasons import lack_of, reason_text
from portal.rulebook.explain.sale import Sale
from portal.rulebook.explain.words import Language
from portal.rulebook.outcome import Skipped


def explain_skipped(skipped: Skipped, *, sale: Sale, language: Language) -> str:
    """Return why a rule gave nothing: «Нужно не меньше 3 000,00 ₽, в чеке 2 970,00 ₽. Не хватило 30,00 ₽»."""
    return reason_text(skipped.reason, _with_titles(skipped, sale), voice=sale.voice(language))


def explain_nudges(sale: Sale, *, language: Language) -> tuple[str, ...]:
    """Return what a little more would have brought, for visible rules: «Ещё 30,00 ₽ — и сработает «…»»."""
    return tuple(text for skipped in sale.outcome.skipped if (text := _nudge(skipped, sale, language)))


def _nudge(skipped: Skipped, sale: Sale, language: Language) -> str | None:
    """Return a nudge when less is missing than is there already: at 1 600.00 of 3 000.00, not at 1 400.00."""
    rule = sale.rule(skipped.rule)
    if rule is None or not rule.visible or skipped.reason not in ("line_qty", "receipt_total", "line_total"):
        return None
    voice, value = sale.voice(language), Fraction(skipped.facts["value"])
    goods = skipped.reason == "line_qty"
    lack = Fraction(skipped.facts["min"]) - value if goods else lack_of(skipped.facts)
    if not 0 < lack < value:
        return None
    amount = voice.units(lack) if goods else voice.money(int(lack))
    return voice.say("nudge", lack=amount, rule=voice.quoted(sale.title(skipped.rule)))


def _with_titles(skipped: Skipped, sale: Sale) -> dict[str, object]:
    """Add the titles of the rules that the facts name by id."""
    named = {key: skipped.facts[key] for key in ("winner", "by") if isinstance(skipped.facts.get(key), str)}
    return {**skipped.facts, **{f"{key}_title": sale.title(rule) for key, rule in named.items()}}
