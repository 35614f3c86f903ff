"""How a grant came to its points: the arithmetic, the cap that cut it, the lines left out, the dates."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import TypeAlias

from portal.money import BASIS_POINTS, CURRENCIES
from portal.rulebook.effects.accrue_fixed import AccrueFixed
from portal.rulebook.effects.accrue_per_unit import AccruePerUnit
from portal.rulebook.effects.accrue_percent import AccruePercent
from portal.rulebook.effects.block import Block
from portal.rulebook.explain.reason_words import TOPICS
from portal.rulebook.explain.sale import Sale
from portal.rulebook.explain.voice import Voice, capital
from portal.rulebook.explain.words import Language
from portal.rulebook.outcome import Grant
from portal.rulebook.receipt import Line

AccruingEffect: TypeAlias = AccruePercent | AccrueFixed | AccruePerUnit
Blocked: TypeAlias = tuple[tuple[str, tuple[Line, ...]], ...]

_NOT_MATCHED = {*TOPICS, "group", "no_member"}
"""Reasons of rules that did not match, so that their blocks did not work either."""


def explain_grant(grant: Grant, *, sale: Sale, language: Language, blocked: Blocked | None = None) -> str:
    """Return the sentences that show where a grant's points come from (domain.md §2.9).

    Whoever explains every grant of a sale finds what is `blocked` once (`blocked_lines`).

    Example: «5 % от 250,00 ₽ = 12,5 → 12 баллов (округляем вниз). Молоко в начислении не участвует: Жёлтый ценник.
    Доступны с 18 марта, действуют до 14 сентября включительно.»
    """
    voice = sale.voice(language)
    sentences = [_arithmetic(grant, sale, voice), _cap(grant, sale, voice), *_left_out(grant, sale, voice, blocked)]
    if grant.beneficiary != "member":
        sentences.append(voice.say(f"for_{grant.beneficiary}"))
    return " ".join(sentence for sentence in (*sentences, _dates(grant, voice)) if sentence)


def _arithmetic(grant: Grant, sale: Sale, voice: Voice) -> str:
    head = _HEADS[grant.how](grant, sale, voice)
    asides = _asides(grant, sale, voice)
    return capital(head + (f" ({', '.join(asides)})" if asides else "") + ".")


def _percent(grant: Grant, sale: Sale, voice: Voice) -> str:
    if grant.rate_bp is None:
        return _mixed(grant, sale, voice)
    share = voice.say("grant_percent", rate=voice.percent(grant.rate_bp), base=voice.money(sum(grant.base.values())))
    return f"{share} = {_result(grant, sale, voice)}"


def _fixed(grant: Grant, sale: Sale, voice: Voice) -> str:
    return voice.say("grant_fixed", points=_amount(sale, grant, voice)(grant.desired))


def _per_unit(grant: Grant, sale: Sale, voice: Voice) -> str:
    effects = (effect for effect in _accruals(grant, sale) if isinstance(effect, AccruePerUnit))
    effect = next(effects, None)
    if effect is None:
        return _mixed(grant, sale, voice)
    points = _amount(sale, grant, voice)(effect.points)
    return f"{voice.say('grant_per_unit', points=points, per=voice.units(effect.per))} = {_result(grant, sale, voice)}"


def _multiply(grant: Grant, sale: Sale, voice: Voice) -> str:
    factor = grant.factor_bp or BASIS_POINTS
    rules = voice.listed([voice.quoted(sale.title(rule)) for rule in grant.multiplies])
    head = voice.say("grant_multiply", factor=voice.factor(factor), rules=rules)
    result, more = _result(grant, sale, voice), Fraction(factor, BASIS_POINTS) - 1
    if more == 1 or not more:
        return f"{head}: {voice.say('once_more', points=result)}"
    product = f"{voice.number(grant.exact / more)} × {voice.number(more)} = {result}"
    return f"{head}: {voice.say('once_more', points=product)}"


def _mixed(grant: Grant, sale: Sale, voice: Voice) -> str:
    return f"{voice.say('grant_mixed')}: {_result(grant, sale, voice)}"


_HEADS: dict[str, Callable[[Grant, Sale, Voice], str]] = {
    "percent": _percent,
    "fixed": _fixed,
    "per_unit": _per_unit,
    "multiply": _multiply,
    "mixed": _mixed,
}


def _result(grant: Grant, sale: Sale, voice: Voice) -> str:
    """Write the points before caps, after their exact value when that was rounded: `12,5 → 12 баллов`."""
    given = _amount(sale, grant, voice)(grant.desired)
    return given if grant.exact == grant.desired else f"{voice.number(grant.exact)} → {given}"


def _asides(grant: Grant, sale: Sale, voice: Voice) -> list[str]:
    asides = []
    wallet = sale.rulebook.wallet(grant.wallet)
    worth, unit = wallet.point_value or sale.rulebook.worth, 10 ** CURRENCIES[sale.rulebook.currency].exponent
    if grant.how == "percent" and worth != unit:
        asides.append(voice.say("one_point_is", money=voice.money(worth)))
    if grant.exact != grant.desired:
        asides.append(voice.say(f"rounded_{grant.rounding}"))
    if _is_gift(grant, sale):
        asides.append(voice.say("from_wallet", wallet=voice.quoted(wallet.title or wallet.id)))
    return asides


def _cap(grant: Grant, sale: Sale, voice: Voice) -> str:
    if grant.capped_by is None:
        return ""
    amount = _amount(sale, grant, voice)
    return voice.less(grant.capped_by, desired=amount(grant.desired), given=amount(grant.points))


def _left_out(grant: Grant, sale: Sale, voice: Voice, blocked: Blocked | None) -> Iterator[str]:
    """Name the lines this grant's effects mean, but a rule keeps from earning; never to others than the buyer."""
    if grant.how == "multiply" or grant.beneficiary != "member":
        return
    covers = [effect.lines.compiled() if effect.lines else None for effect in _accruals(grant, sale)]
    told: set[int] = set()
    for rule_id, lines in blocked_lines(sale) if blocked is None else blocked:
        if numbers := [line.n for line in lines if line.n not in told and _is_meant(line, covers)]:
            told.update(numbers)
            key = "one_blocked" if len(numbers) == 1 else "many_blocked"
            names = sale.line_names(numbers, voice=voice)
            yield voice.say(key, lines=names, rule=voice.title(sale.title(rule_id)))


def _is_meant(line: Line, covers: Sequence[Callable[[Line], bool] | None]) -> bool:
    return any(test is None or test(line) for test in covers)


def blocked_lines(sale: Sale) -> Blocked:
    """Return every rule that blocked accrual on this receipt with the lines it blocked."""
    failed = {each.rule for each in sale.outcome.skipped if each.reason.partition(":")[0] in _NOT_MATCHED}
    return tuple(
        (rule.id, tuple(line for line in sale.receipt.lines if covers is None or covers(line)))
        for rule in sale.rulebook.rules
        for effect in rule.effects
        if isinstance(effect, Block) and "accrual" in effect.what and rule.id not in failed
        for covers in (effect.lines.compiled() if effect.lines else None,)
    )


def _accruals(grant: Grant, sale: Sale) -> list[AccruingEffect]:
    rule = sale.rule(grant.rule)
    effects = rule.effects if rule else ()
    return [
        effect
        for effect in effects
        if isinstance(effect, AccruingEffect) and (effect.to, effect.wallet) == (grant.beneficiary, grant.wallet)
    ]


def _is_gift(grant: Grant, sale: Sale) -> bool:
    return sale.rulebook.wallet(grant.wallet).kind == "gift"


def _amount(sale: Sale, grant: Grant, voice: Voice) -> Callable[[int], str]:
    """Return how this grant's wallet is counted: in points, or in units of a gift."""
    return voice.units if _is_gift(grant, sale) else voice.points


def _dates(grant: Grant, voice: Voice) -> str:
    start = voice.say("available_from", day=voice.day(grant.release_at)) if grant.release_at else voice.say("at_once")
    if grant.last_valid_day is None:
        return f"{start}, {voice.say('never_expire')}."
    return f"{start}, {voice.say('valid_until', day=voice.day(grant.last_valid_day))}."
