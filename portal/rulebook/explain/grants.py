"""How a grant came to its points: the arithmetic, the cap that cut it, the lines left out, the dates."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from portal.money import BASIS_POINTS, CURRENCIES
from portal.rulebook.document import Rulebook
from portal.rulebook.effects.accrue_fixed import AccrueFixed
from portal.rulebook.effects.accrue_per_unit import AccruePerUnit
from portal.rulebook.effects.accrue_percent import AccruePercent
from portal.rulebook.effects.base import compiled_filter
from portal.rulebook.effects.block import Block
from portal.rulebook.explain.reason_words import TOPICS
from portal.rulebook.explain.sale import Sale, named_lines
from portal.rulebook.explain.voice import Voice, capital
from portal.rulebook.line_filter import Covers
from portal.rulebook.outcome import Grant
from portal.rulebook.points import Wallet
from portal.rulebook.receipt import Line

AccruingEffect: TypeAlias = AccruePercent | AccrueFixed | AccruePerUnit
Blocked: TypeAlias = Sequence[tuple[str, Sequence[Line]]]
"""Rules that keep lines from earning, with those lines."""

_NOT_MATCHED = {*TOPICS, "group", "no_member"}
"""Reasons of rules that did not match, so that their blocks did not work either."""


@dataclass(frozen=True, slots=True)
class _Terms:
    """What the rulebook alone says of a rule's grants to one beneficiary in one wallet.

    `covers` are the lines its effects mean, None when that is all of them. A point is worth `worth` minor units, None
    when that is one of the currency.
    """

    wallet: Wallet
    worth: int | None
    covers: tuple[Covers, ...] | None
    per_unit: AccruePerUnit | None


def explain_grants(sale: Sale, *, voice: Voice) -> list[str]:
    """Return for every grant of a sale the sentences that show where its points come from (domain.md §2.9).

    Example: «5 % от 250,00 ₽ = 12,5 → 12 баллов (округляем вниз). Молоко в начислении не участвует: Жёлтый ценник.
    Доступны с 18 марта, действуют до 14 сентября включительно.»
    """
    blocked = _blocked_lines(sale)
    return [_sentences(grant, sale, voice, blocked) for grant in sale.outcome.grants]


def explain_grant(grant: Grant, *, sale: Sale, voice: Voice) -> str:
    """Return the sentences of one grant of a sale."""
    return _sentences(grant, sale, voice, _blocked_lines(sale))


def _sentences(grant: Grant, sale: Sale, voice: Voice, blocked: Blocked) -> str:
    terms = _terms(sale.rulebook, grant.rule, grant.beneficiary, grant.wallet)
    sentences = [_arithmetic(grant, terms, sale, voice)]
    if grant.capped_by is not None:
        amount = _amount(terms, voice)
        sentences.append(voice.less(grant.capped_by, desired=amount(grant.desired), given=amount(grant.points)))
    if blocked and grant.how != "multiply" and grant.beneficiary == "member":  # others are not told what was bought
        sentences += _left_out(terms, sale, voice, blocked)
    if grant.beneficiary != "member":
        sentences.append(voice.say(f"for_{grant.beneficiary}"))
    sentences.append(_dates(voice, grant.release_at, grant.last_valid_day))
    return " ".join(sentences)


@lru_cache(maxsize=1024)
def _terms(rulebook: Rulebook, rule_id: str, to: str, wallet_id: str) -> _Terms:
    rule, wallet = rulebook.rules_by_id.get(rule_id), rulebook.wallet(wallet_id)
    worth, unit = wallet.point_value or rulebook.worth, 10 ** CURRENCIES[rulebook.currency].exponent
    effects = [
        effect
        for effect in (rule.effects if rule else ())
        if isinstance(effect, AccruingEffect) and (effect.to, effect.wallet) == (to, wallet_id)
    ]
    covers = [compiled_filter(effect.lines) for effect in effects]
    return _Terms(
        wallet,
        worth=None if worth == unit else worth,
        covers=None if None in covers else tuple(test for test in covers if test),
        per_unit=next((effect for effect in effects if isinstance(effect, AccruePerUnit)), None),
    )


def _arithmetic(grant: Grant, terms: _Terms, sale: Sale, voice: Voice) -> str:
    head = _HEADS[grant.how](grant, terms, sale, voice)
    asides = _asides(grant, terms, voice)
    return capital(f"{head} ({', '.join(asides)})." if asides else f"{head}.")


def _percent(grant: Grant, terms: _Terms, sale: Sale, voice: Voice) -> str:
    if grant.rate_bp is None:
        return _mixed(grant, terms, sale, voice)
    share = voice.say("grant_percent", rate=voice.percent(grant.rate_bp), base=voice.money(sum(grant.base.values())))
    return f"{share} = {_result(grant, terms, voice)}"


def _fixed(grant: Grant, terms: _Terms, _: Sale, voice: Voice) -> str:
    return voice.say("grant_fixed", points=_amount(terms, voice)(grant.desired))


def _per_unit(grant: Grant, terms: _Terms, sale: Sale, voice: Voice) -> str:
    effect = terms.per_unit
    if effect is None:
        return _mixed(grant, terms, sale, voice)
    points = _amount(terms, voice)(effect.points)
    return f"{voice.say('grant_per_unit', points=points, per=voice.units(effect.per))} = {_result(grant, terms, voice)}"


def _multiply(grant: Grant, terms: _Terms, sale: Sale, voice: Voice) -> str:
    factor = grant.factor_bp or BASIS_POINTS
    rules = voice.listed([voice.quoted(sale.title(rule)) for rule in grant.multiplies])
    head = voice.say("grant_multiply", factor=voice.factor(factor), rules=rules)
    result, more = _result(grant, terms, voice), Fraction(factor, BASIS_POINTS) - 1
    if more == 1 or not more:
        return f"{head}: {voice.say('once_more', points=result)}"
    product = f"{voice.number(grant.exact / more)} × {voice.number(more)} = {result}"
    return f"{head}: {voice.say('once_more', points=product)}"


def _mixed(grant: Grant, terms: _Terms, _: Sale, voice: Voice) -> str:
    return f"{voice.say('grant_mixed')}: {_result(grant, terms, voice)}"


_HEADS: dict[str, Callable[[Grant, _Terms, Sale, Voice], str]] = {
    "percent": _percent,
    "fixed": _fixed,
    "per_unit": _per_unit,
    "multiply": _multiply,
    "mixed": _mixed,
}


def _result(grant: Grant, terms: _Terms, voice: Voice) -> str:
    """Write the points before caps, after their exact value when that was rounded: `12,5 → 12 баллов`."""
    given = _amount(terms, voice)(grant.desired)
    return f"{voice.number(grant.exact)} → {given}" if _is_rounded(grant) else given


def _asides(grant: Grant, terms: _Terms, voice: Voice) -> list[str]:
    asides = []
    if grant.how == "percent" and terms.worth is not None:
        asides.append(voice.say("one_point_is", money=voice.money(terms.worth)))
    if _is_rounded(grant):
        asides.append(voice.say(f"rounded_{grant.rounding}"))
    if terms.wallet.kind == "gift":
        asides.append(voice.say("from_wallet", wallet=voice.quoted(terms.wallet.title or terms.wallet.id)))
    return asides


def _is_rounded(grant: Grant) -> bool:
    return grant.exact.denominator != 1 or grant.exact.numerator != grant.desired


def _left_out(terms: _Terms, sale: Sale, voice: Voice, blocked: Blocked) -> Iterator[str]:
    """Name the lines this grant's effects mean, but a rule keeps from earning."""
    told: set[int] = set()
    for rule_id, closed in blocked:
        if lines := [line for line in closed if line.n not in told and _is_meant(line, terms)]:
            told.update(line.n for line in lines)
            key = "one_blocked" if len(lines) == 1 else "many_blocked"
            yield voice.say(key, lines=named_lines(lines, voice=voice), rule=voice.title(sale.title(rule_id)))


def _is_meant(line: Line, terms: _Terms) -> bool:
    return terms.covers is None or any(test(line) for test in terms.covers)


def _blocked_lines(sale: Sale) -> Blocked:
    """Return every rule that blocked accrual on this receipt with the lines it blocked."""
    blocking = _blocking(sale.rulebook)
    if not blocking:
        return ()
    failed = {each.rule for each in sale.outcome.skipped if each.reason.partition(":")[0] in _NOT_MATCHED}
    found = [
        (rule_id, [line for line in sale.receipt.lines if covers is None or covers(line)])
        for rule_id, covers in blocking
        if rule_id not in failed
    ]
    return [each for each in found if each[1]]


@lru_cache(maxsize=64)
def _blocking(rulebook: Rulebook) -> tuple[tuple[str, Covers | None], ...]:
    """Return the rules that keep lines from earning, with the lines each of them means."""
    return tuple(
        (rule.id, compiled_filter(effect.lines))
        for rule in rulebook.rules
        for effect in rule.effects
        if isinstance(effect, Block) and "accrual" in effect.what
    )


def _amount(terms: _Terms, voice: Voice) -> Callable[[int], str]:
    """Return how this grant's wallet is counted: in points, or in units of a gift."""
    return voice.units if terms.wallet.kind == "gift" else voice.points


@lru_cache(maxsize=1024)
def _dates(voice: Voice, release_at: datetime | None, last_valid_day: date | None) -> str:
    """Say from when and until when points can be spent: the same of all that is earned on a day on the same terms."""
    start = voice.say("available_from", day=voice.day(release_at)) if release_at else voice.say("at_once")
    if last_valid_day is None:
        return f"{start}, {voice.say('never_expire')}."
    return f"{start}, {voice.say('valid_until', day=voice.day(last_valid_day))}."
