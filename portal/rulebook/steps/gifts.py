"""Step 4, first half: pieces given away from gift wallets."""

from collections.abc import Sequence

from portal.money import rounded_ratio
from portal.rulebook.compiled import CompiledRule
from portal.rulebook.effects.base import covered, whole_units
from portal.rulebook.outcome import Gift
from portal.rulebook.situation import Bill, Situation
from portal.rulebook.steps.blocks import Blocks, note_blocked
from portal.rulebook.steps.trace import Trace


def give_gifts(rules: Sequence[CompiledRule], situation: Situation, blocks: Blocks, trace: Trace) -> None:
    """Put whole units at zero price, line by line, while the member's gift wallets have units left."""
    givers = [rule for rule in rules if rule.gifts]
    if not givers:
        return
    left = dict(situation.member.balance) if situation.member else {}
    given: dict[int, int] = {}
    for rule in givers:
        if situation.member is None:
            trace.skip(rule, "no_member")
            continue
        positions = blocks.open_to_discount(rule)
        for covers, wallet in rule.gifts:
            meant = covered(situation.bill, positions, covers)
            if not meant and covered(situation.bill, blocks.everything, covers):
                note_blocked(rule, blocks.discount, trace)
            for i in meant:
                gift = _gift(rule, situation.bill, i, wallet=wallet, most=left.get(wallet, 0), given=given.get(i, 0))
                if gift:
                    left[wallet] -= gift.units
                    given[i] = given.get(i, 0) + gift.units
                    situation.bill.take_off(i, gift.discount)
                    trace.gifts.append(gift)
                    trace.worked.add(rule.id)


def _gift(rule: CompiledRule, bill: Bill, position: int, *, wallet: str, most: int, given: int) -> Gift | None:
    """Return the gift on a line of which `given` units are free already, or None when there is nothing to give."""
    units = min(whole_units(bill, position) - given, most)
    if units <= 0 or not bill.room[position]:
        return None
    share = units / (bill.lines[position].qty - given)
    price = rounded_ratio(bill.net[position] * share.numerator, share.denominator, "half_up")
    discount = min(price, bill.room[position])
    return Gift(rule=rule.id, wallet=wallet, line=bill.lines[position].n, units=units, discount=discount)
