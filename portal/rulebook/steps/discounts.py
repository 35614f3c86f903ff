"""Step 4, second half: discounts in rule order, of a group `best` only the largest."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from portal.rulebook.compiled import CompiledRule
from portal.rulebook.effects.discount_percent import spread
from portal.rulebook.outcome import Discount
from portal.rulebook.situation import Bill, Situation
from portal.rulebook.steps.blocks import Blocks, note_blocked
from portal.rulebook.steps.capping import tightest
from portal.rulebook.steps.trace import Trace, title_of


@dataclass(slots=True)
class _Taken:
    """What a rule took off, by position, of what it `desired`, and the cap's scope that cut it."""

    lines: dict[int, int] = field(default_factory=dict[int, int])
    amount: int = 0
    desired: int = 0
    capped_by: str | None = None


def take_discounts(rules: Sequence[CompiledRule], situation: Situation, blocks: Blocks, trace: Trace) -> None:
    """Apply the discounts to the bill; rules that lose in their group are dropped with everything they do."""
    for rule in rules:
        if not rule.discounts:
            continue
        if rule.group_mode == "best" and rule.group is not None:
            if rule.group not in trace.winners:
                rivals = [each for each in rules if each.group == rule.group and each.discounts]
                winner = trace.winners[rule.group] = _largest(rivals, situation, blocks)
                _apply(winner, situation, blocks, trace)
            if trace.winners[rule.group] is not rule:
                trace.drop(rule, trace.winners[rule.group])
        else:
            _apply(rule, situation, blocks, trace)


def _largest(rivals: Sequence[CompiledRule], situation: Situation, blocks: Blocks) -> CompiledRule:
    """Return the rule that would take most off the bill as it is, the earliest of equals."""

    def amount(rule: CompiledRule) -> int:
        return _take(rule, situation.bill.copied(), blocks.open_to_discount(rule), situation).amount

    return max(rivals, key=amount)


def _apply(rule: CompiledRule, situation: Situation, blocks: Blocks, trace: Trace) -> None:
    bill, positions = situation.bill, blocks.open_to_discount(rule)
    taken = _take(rule, bill, positions, situation)
    if taken.amount:
        trace.discounts.append(_discount(rule, bill, taken))
        trace.worked.add(rule.id)
    elif taken.desired:
        trace.skip(rule, f"cap:{taken.capped_by}", {"unit": "minor", "desired": taken.desired})
    elif len(positions) < len(blocks.everything) and any(wants(bill, blocks.everything) for wants in rule.discounts):
        note_blocked(rule, blocks.discount, trace)


def _take(rule: CompiledRule, bill: Bill, positions: Sequence[int], situation: Situation) -> _Taken:
    """Take a rule's discounts off a bill, the situation's or a trial copy, within the rule's caps together."""
    cap = tightest(rule.minor_caps, unit="minor", rule=rule, situation=situation)
    taken = _Taken()
    for wants in rule.discounts:
        off = wants(bill, positions)
        wanted = sum(off.values())
        taken.desired += wanted
        if cap and taken.amount + wanted > cap[0]:
            off = spread(cap[0] - taken.amount, off)
        for i, part in off.items():
            bill.take_off(i, part)
            taken.lines[i] = taken.lines.get(i, 0) + part
            taken.amount += part
    if cap and taken.amount < taken.desired:
        taken.capped_by = cap[1]
    return taken


def _discount(rule: CompiledRule, bill: Bill, taken: _Taken) -> Discount:
    return Discount(
        rule=rule.id,
        title=title_of(rule),
        amount=taken.amount,
        lines={bill.lines[i].n: part for i, part in sorted(taken.lines.items())},
        desired=taken.desired,
        capped_by=taken.capped_by,
    )
