"""Steps 1 and 2: which rules work on the receipt, and which of a group `first`."""

from portal.rulebook.compiled import CompiledRule
from portal.rulebook.conditions.time_window import is_within, window_miss
from portal.rulebook.situation import Situation
from portal.rulebook.steps.capping import tightest
from portal.rulebook.steps.trace import Trace


def match(rules: tuple[CompiledRule, ...], situation: Situation, trace: Trace) -> list[CompiledRule]:
    """Return the rules that work, in order.

    Of a group `first` the earliest rule that matches wins; what matches later, even in the later round, is dropped.
    """
    matched: list[CompiledRule] = []
    for rule in rules:
        if _works(rule, situation, trace):
            if rule.group_mode == "first" and rule.group is not None:
                winner = trace.winners.setdefault(rule.group, rule)
                if winner is not rule:
                    trace.drop(rule, winner)
                    continue
            matched.append(rule)
    return matched


def _works(rule: CompiledRule, situation: Situation, trace: Trace) -> bool:
    if rule.dated and not is_within(situation.at, rule.rule.from_, rule.rule.until):
        miss = window_miss(situation.at, rule.rule.from_, rule.rule.until)
    elif not rule.test.holds(situation):
        miss = rule.test.miss(situation)
    elif rule.uses_caps and (left := tightest(rule.uses_caps, unit="uses", rule=rule, situation=situation)):
        if left[0]:
            return True
        trace.skip(rule, f"cap:{left[1]}", {"unit": "uses"})
        return False
    else:
        return True
    trace.skip(rule, miss.reason, miss.facts)
    return False
