"""Step 4, second half: discounts in rule order, of a group `best` only the largest."""

from collections.abc import Sequence

from portal.rulebook.compiled import CompiledRule
from portal.rulebook.effects.discount_percent import spread
from portal.rulebook.outcome import Discount
from portal.rulebook.situation import Bill, Situation
from portal.rulebook.steps.blocks import Blocks, note_blocked
from portal.rulebook.steps.capping import tightest
from portal.rulebook.steps.trace import Trace, title_of


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
        return _taken(rule, situation.bill.copied(), blocks.open_to_discount(rule), situation).amount

    return max(rivals, key=amount)


def _apply(rule: CompiledRule, situation: Situation, blocks: Blocks, trace: Trace) -> None:
    bill, positions = situation.bill, blocks.open_to_discount(rule)
    discount = _taken(rule, bill, positions, situation)
    if discount.amount:
        trace.discounts.append(discount)
        trace.worked.add(rule.id)
    elif discount.desired:
        trace.skip(rule, f"cap:{discount.capped_by}", {"unit": "minor", "desired": discount.desired})
    elif len(positions) < len(blocks.everything) and any(wants(bill, blocks.everything) for wants in rule.discounts):
        note_blocked(rule, blocks.discount, trace)


def _taken(rule: CompiledRule, bill: Bill, positions: Sequence[int], situation: Situation) -> Discount:
    """Take a rule's discounts off a bill, the situation's or a trial copy, within the rule's caps together."""
    cap = tightest(rule.minor_caps, unit="minor", rule=rule, situation=situation)
    lines: dict[int, int] = {}
    amount = desired = 0
    for wants in rule.discounts:
        off = wants(bill, positions)
        desired += sum(off.values())
        if cap and amount + sum(off.values()) > cap[0]:
            off = spread(cap[0] - amount, off)
        for i, part in off.items():
            bill.take_off(i, part)
            lines[i] = lines.get(i, 0) + part
            amount += part
    return Discount(
        rule=rule.id,
        title=title_of(rule),
        amount=amount,
        lines={bill.lines[i].n: part for i, part in sorted(lines.items())},
        desired=desired,
        capped_by=cap[1] if cap and amount < desired else None,
    )
