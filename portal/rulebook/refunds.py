"""What comes back when goods do (domain.md §2.6, decision L2).

A refund names lines of one receipt and quantities. It never re-prices what is kept and never changes other receipts.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from portal.errors import Refused
from portal.rulebook.document import Rulebook
from portal.rulebook.member_state import HeldCoupon, MemberState
from portal.rulebook.outcome import Grant, Outcome
from portal.rulebook.receipt import Line, Receipt
from portal.rulebook.remainder import Remainder, what_is_left
from portal.rulebook.values import quantity_text

Quantities = Mapping[int, Fraction]


class UnknownLine(Refused):
    """The receipt has no line of that number."""

    code = "unknown-line"
    text = "The receipt has no line %(line)s."


class AlreadyRefunded(Refused):
    """More of a line comes back than is still out."""

    code = "already-refunded"
    text = "Of line %(line)s only %(left)s can still be brought back."


class NothingReturned(Refused):
    """The refund names no line, or a quantity that is not above zero."""

    code = "nothing-returned"
    text = "Say what is brought back, a quantity above zero for each line."


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRefund:
    """Money and spent points a line gives back."""

    n: int
    money: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversal:
    """Points of a grant taken back; `source` is the grant's."""

    source: str
    rule: str
    to: str
    wallet: str
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPlan:
    """What a refund does: money and spent points to the member, earned points back from whoever earned them.

    `gifts` are units given back to gift wallets, `undiscounted` the money by rule that caps may forget. `fixed_taken`
    are grants whose fixed part is taken back now. `closed` are privileges this receipt opened for goods no longer kept.
    With `full` nothing is left of the receipt: it is no purchase any more, and what it used up is given back.
    """

    money: int
    points: int
    lines: tuple[LineRefund, ...]
    reversals: tuple[Reversal, ...]
    gifts: Mapping[str, int]
    undiscounted: Mapping[str, int]
    fixed_taken: tuple[str, ...]
    closed: tuple[str, ...]
    full: bool

    @property
    def reversed(self) -> dict[str, int]:
        """Points taken back by rule, from all who earned them."""
        return _summed((each.rule, each.points) for each in self.reversals)


def refund_line(*, qty: Fraction, components: Mapping[str, int], returns: Sequence[Fraction]) -> list[dict[str, int]]:
    """Return each component's part per return: floors of the cumulative share, all of it when everything is back."""
    steps: list[dict[str, int]] = []
    before = Fraction(0)
    for now in returns:
        steps.append({name: _part(amount, qty, before, now) for name, amount in components.items()})
        before += now
    return steps


def plan_refund(
    rulebook: Rulebook,
    member: MemberState | None,
    receipt: Receipt,
    outcome: Outcome,
    *,
    returned: Quantities,
    returning: Quantities,
    taken: Collection[str] = (),
    bearer: Sequence[HeldCoupon] = (),
) -> RefundPlan:
    """Plan a refund of a stored receipt, from the very inputs its outcome was evaluated from.

    `returned` is what came back before, `taken` the `fixed_taken` of those refunds. Raises `UnknownLine`,
    `AlreadyRefunded`, `NothingReturned`.
    """
    _refuse_impossible(receipt, returned=returned, returning=returning)
    share = _Share(receipt, returned, returning)
    left = what_is_left(rulebook, member, receipt, outcome, returned=share.after, bearer=bearer)
    lines = _lines_back(outcome, share)
    lost = tuple(
        each.source for each in outcome.grants if each.fixed and each.source not in taken and not left.keeps(each)
    )
    return RefundPlan(
        money=sum(line.money for line in lines),
        points=sum(line.points for line in lines),
        lines=lines,
        reversals=tuple(each for grant in outcome.grants if (each := _reversal(grant, share, lost)).points),
        gifts=_summed((gift.wallet, share.of(gift.line, gift.units)) for gift in outcome.gifts),
        undiscounted=_summed((each.rule, share.of_lines(each.lines)) for each in outcome.discounts),
        fixed_taken=lost,
        closed=_closed(outcome, left),
        full=left.empty,
    )


@dataclass(frozen=True, slots=True)
class _Share:
    """The parts of components that come back now."""

    receipt: Receipt
    before: Quantities
    now: Quantities

    @property
    def after(self) -> Quantities:
        return {n: self.before.get(n, Fraction()) + self.now.get(n, Fraction()) for n in {*self.before, *self.now}}

    def of(self, n: int, amount: int) -> int:
        if n not in self.now or not amount:
            return 0
        line = next(line for line in self.receipt.lines if line.n == n)
        return _part(amount, line.qty, self.before.get(n, Fraction()), self.now[n])

    def of_lines(self, amounts: Mapping[int, int]) -> int:
        return sum(self.of(n, amount) for n, amount in amounts.items())


def _lines_back(outcome: Outcome, share: _Share) -> tuple[LineRefund, ...]:
    return tuple(
        LineRefund(n=line.n, money=share.of(line.n, line.paid), points=share.of(line.n, line.points))
        for line in outcome.lines
        if line.n in share.now
    )


def _part(amount: int, qty: Fraction, before: Fraction, now: Fraction) -> int:
    return int(amount * (before + now) / qty) - int(amount * before / qty)


def _reversal(grant: Grant, share: _Share, lost: Collection[str]) -> Reversal:
    points = share.of_lines(grant.lines) + (grant.fixed if grant.source in lost else 0)
    return Reversal(source=grant.source, rule=grant.rule, to=grant.to, wallet=grant.wallet, points=points)


def _closed(outcome: Outcome, left: Remainder) -> tuple[str, ...]:
    opened = {each.privilege for each in outcome.unlocked}
    kept = {each.privilege for each in outcome.unlocked if left.opens(each)}
    return tuple(sorted(opened - kept))


def _summed(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for name, amount in pairs:
        if amount:
            sums[name] = sums.get(name, 0) + amount
    return sums


def _refuse_impossible(receipt: Receipt, *, returned: Quantities, returning: Quantities) -> None:
    lines: dict[int, Line] = {line.n: line for line in receipt.lines}
    if not returning or any(quantity <= 0 for quantity in returning.values()):
        raise NothingReturned
    for n, quantity in returning.items():
        if n not in lines:
            raise UnknownLine(line=n)
        left = lines[n].qty - returned.get(n, Fraction())
        if quantity > left:
            raise AlreadyRefunded(line=n, left=quantity_text(left))
