"""What is left of a receipt after a refund, as its rules see it: do they still give what does not go by lines?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from portal.rulebook.compiled import Accrual, CompiledRule, CompiledRulebook, compile_rulebook
from portal.rulebook.document import Rulebook
from portal.rulebook.evaluate import situation_of
from portal.rulebook.member_state import HeldCoupon, MemberState
from portal.rulebook.outcome import Grant, LineOutcome, Outcome, Unlocked
from portal.rulebook.receipt import Line, Receipt
from portal.rulebook.situation import Bill, Situation
from portal.rulebook.steps.blocks import collect_blocks
from portal.rulebook.steps.matching import match
from portal.rulebook.steps.trace import Trace


@dataclass(frozen=True, slots=True)
class Remainder:
    """The goods that are kept. Time, tier, segments and all else about the member stay as they were at the purchase.

    `whole` is the bill before anything came back, `was_open` its positions that were open to accrual.
    """

    rules: Mapping[str, CompiledRule]
    whole: Bill
    was_open: Sequence[int]
    situation: Situation | None
    open_to_accrual: Sequence[int]

    @property
    def empty(self) -> bool:
        """Tell whether nothing is left."""
        return self.situation is None

    def keeps(self, grant: Grant) -> bool:
        """Tell whether a grant's fixed part is still earned: its conditions hold, a line the rule asks for is left.

        What a multiplier added to another rule's fixed points goes when those go.
        """
        rule = self.rules[grant.rule]
        if grant.how == "multiply":
            return self._holds(rule) and all(self._gives(each) for each in self._multiplied(grant))
        return self._gives(rule)

    def opens(self, unlocked: Unlocked) -> bool:
        """Tell whether the rule would still open the privilege."""
        rule, situation = self.rules[unlocked.rule], self.situation
        if situation is None or not self._holds(rule):
            return False
        filters = [covers for covers, unlock in rule.unlocks if unlock.privilege == unlocked.privilege]
        return any(covers is None or any(covers(line) for line in situation.bill.lines) for covers in filters)

    def _holds(self, rule: CompiledRule) -> bool:
        return self.situation is not None and rule.test.holds(self.situation)

    def _gives(self, rule: CompiledRule) -> bool:
        """Tell whether a rule would still give its fixed points, not asking what its caps leave of them."""
        situation = self.situation
        if situation is None or not self._holds(rule):
            return False
        return _gives_fixed(rule.accruals, situation.bill, self.open_to_accrual)

    def _multiplied(self, grant: Grant) -> list[CompiledRule]:
        """Return the rules whose fixed points for the member a multiplier raised, also what a cap then cut."""
        rules = [self.rules[name] for name in grant.multiplies]
        return [
            rule
            for rule in rules
            if _gives_fixed([each for each in rule.accruals if each.to == "member"], self.whole, self.was_open)
        ]


def _gives_fixed(accruals: Iterable[Accrual], bill: Bill, positions: Sequence[int]) -> bool:
    return any(each.earns(bill, positions).fixed for each in accruals if each.how == "fixed")


def what_is_left(
    rulebook: Rulebook,
    member: MemberState | None,
    receipt: Receipt,
    outcome: Outcome,
    *,
    returned: Mapping[int, Fraction],
    bearer: Sequence[HeldCoupon],
) -> Remainder:
    """Return the remainder once so much of each line has come back."""
    book = compile_rulebook(rulebook)
    situation = situation_of(book, member, receipt, bearer=tuple(bearer))
    blocks = collect_blocks(match(book.rules, situation, Trace()), situation.bill)
    closed = {situation.bill.lines[i].n for i in blocks.accrual}
    kept = [
        _kept(line, of, returned.get(line.n, Fraction()))
        for line, of in zip(receipt.lines, outcome.lines, strict=True)
        if returned.get(line.n, Fraction()) < line.qty
    ]
    bill = _bill(book, kept)
    return Remainder(
        rules={rule.id: rule for rule in (*book.rules, *book.net_rules)},
        whole=situation.bill,
        was_open=blocks.open_to_accrual(),
        situation=replace(situation, bill=bill) if kept else None,
        open_to_accrual=[i for i, line in enumerate(bill.lines) if line.n not in closed],
    )


def _kept(line: Line, outcome: LineOutcome, returned: Fraction) -> tuple[Line, LineOutcome]:
    """Return what stays of a line: of every amount, all but the floor of the returned share."""

    def left(amount: int) -> int:
        return amount - int(amount * returned / line.qty)

    paid, points, gross = left(outcome.paid), left(outcome.points), left(line.gross)
    kept = replace(line, qty=line.qty - returned, gross=gross)
    return kept, replace(outcome, gross=gross, paid=paid, points=points)


def _bill(book: CompiledRulebook, kept: Sequence[tuple[Line, LineOutcome]]) -> Bill:
    """Return the bill of the lines that stay; what is left to pay is what was paid for them."""
    net = [outcome.paid + outcome.points * book.worth for _, outcome in kept]
    return Bill(
        lines=tuple(line for line, _ in kept),
        gross=[outcome.gross for _, outcome in kept],
        net=net,
        room=net.copy(),
        points=[outcome.points for _, outcome in kept],
        paid=[outcome.paid for _, outcome in kept],
    )
