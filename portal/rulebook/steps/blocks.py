"""Step 3: which lines are closed to discounts, accrual and payment by points, and by which rule."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.rulebook.compiled import CompiledRule
from portal.rulebook.effects.base import covered
from portal.rulebook.effects.block import Blocked
from portal.rulebook.situation import Bill
from portal.rulebook.steps.trace import Trace, title_of


@dataclass(frozen=True, slots=True)
class Blocks:
    """The first rule that closes each position, per thing closed; positions nobody closed are missing."""

    everything: Sequence[int]
    discount: dict[int, CompiledRule]
    accrual: dict[int, CompiledRule]
    redemption: dict[int, CompiledRule]

    def open_to_discount(self, rule: CompiledRule) -> Sequence[int]:
        """Return the positions a rule may discount: those closed by nobody or first by itself."""
        owners = self.discount
        return [i for i in self.everything if owners.get(i, rule) is rule] if owners else self.everything

    def open_to_accrual(self) -> Sequence[int]:
        return [i for i in self.everything if i not in self.accrual] if self.accrual else self.everything

    def open_to_redemption(self) -> Sequence[int]:
        return [i for i in self.everything if i not in self.redemption] if self.redemption else self.everything


def collect_blocks(rules: Sequence[CompiledRule], bill: Bill) -> Blocks:
    """Return what the rules that work close; the first rule on a line owns its discounts."""
    everything = range(len(bill.lines))
    closed: dict[Blocked, dict[int, CompiledRule]] = {"discount": {}, "accrual": {}, "redemption": {}}
    for rule in rules:
        for what, covers in rule.blocks:
            for i in covered(bill, everything, covers):
                for thing in what:
                    closed[thing].setdefault(i, rule)
    return Blocks(everything, **closed)


def note_blocked(rule: CompiledRule, owners: dict[int, CompiledRule], trace: Trace) -> None:
    """Note that a rule would do something on lines that another closes."""
    owner = next((each for _, each in sorted(owners.items(), key=lambda item: item[0]) if each is not rule), rule)
    trace.skip(rule, "blocked", {"by": owner.id, "by_title": title_of(owner)})
