"""Step 7: multipliers, only the largest unless the rulebook adds them (decision E3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.money import BASIS_POINTS
from portal.rulebook.compiled import CompiledRule, CompiledRulebook
from portal.rulebook.effects.base import Earning
from portal.rulebook.effects.multiply import Multiply
from portal.rulebook.situation import Situation
from portal.rulebook.steps.granting import Draft, grant, settle
from portal.rulebook.steps.trace import Trace


@dataclass(slots=True)
class _Multiplier:
    rule: CompiledRule
    factor_bp: int
    drafts: list[Draft]
    points: int


def multiply(
    book: CompiledRulebook,
    rules: Sequence[CompiledRule],
    drafts: Mapping[str, Sequence[Draft]],
    situation: Situation,
    trace: Trace,
) -> None:
    """Grant the member's drafts of the named rules once more; what has nothing to multiply is out of the race."""
    able = [each for rule in rules if rule.multiplies if (each := _multiplier(book, rule, drafts, situation, trace))]
    if book.add_multipliers:
        for each in _best_of_groups(able, trace):
            grant(book, each.drafts, situation, trace)
    elif able:
        largest = max(able, key=lambda each: each.factor_bp)
        grant(book, largest.drafts, situation, trace)
        for each in able:
            if each is not largest:
                facts = {"by": largest.rule.id, "factor_bp": largest.factor_bp}
                trace.skip(each.rule, "smaller_multiplier", facts)


def _multiplier(
    book: CompiledRulebook,
    rule: CompiledRule,
    drafts: Mapping[str, Sequence[Draft]],
    situation: Situation,
    trace: Trace,
) -> _Multiplier | None:
    """Work out a rule's extra points: by its largest effect that finds something, or by all that are added."""
    found = [(effect.factor_bp, extra) for effect in rule.multiplies if (extra := _extra(rule, effect, drafts))]
    if not found:
        return None
    largest = max(found, key=lambda each: each[0])
    extra = [draft for _, each in found for draft in each] if book.add_multipliers else largest[1]
    before = sum(grant.points for grant in trace.grants if grant.rule == rule.id)
    points = settle(rule, extra, situation, rounding=book.rounding, before=before)
    return _Multiplier(rule, largest[0], extra, points)


def _best_of_groups(able: Sequence[_Multiplier], trace: Trace) -> list[_Multiplier]:
    """Return the multipliers that stay when each group `best` keeps the one that gives most."""
    for each in sorted(able, key=lambda each: -each.points):
        if each.rule.group_mode == "best" and each.rule.group is not None:
            winner = trace.winners.setdefault(each.rule.group, each.rule)
            if winner is not each.rule:
                trace.drop(each.rule, winner)
    return [each for each in able if trace.staying([each.rule])]


def _extra(rule: CompiledRule, effect: Multiply, drafts: Mapping[str, Sequence[Draft]]) -> list[Draft]:
    """Return the extra drafts: one per wallet and terms, exact, over a scale 10 000 times finer."""
    extra: list[Draft] = []
    for name in dict.fromkeys(effect.rules):
        for draft in drafts.get(name, ()):
            if draft.beneficiary == "member":
                _join(extra, rule, effect, draft)
    return extra


def _join(extra: list[Draft], rule: CompiledRule, effect: Multiply, draft: Draft) -> None:
    raised = _raised(draft.earning, effect.factor_bp - BASIS_POINTS)
    for each in extra:
        if (each.wallet, each.lifetime) == (draft.wallet, draft.lifetime):
            each.earning.add(raised)
            each.multiplies += (draft.rule.id,)
            return
    extra.append(
        Draft(
            rule=rule,
            to=draft.to,
            beneficiary="member",
            wallet=draft.wallet,
            lifetime=draft.lifetime,
            scale=draft.scale * BASIS_POINTS,
            earning=raised,
            how="multiply",
            factor_bp=effect.factor_bp,
            multiplies=(draft.rule.id,),
        )
    )


def _raised(earning: Earning, by: int) -> Earning:
    return Earning({i: part * by for i, part in earning.lines.items()}, earning.fixed * by, dict(earning.base))
