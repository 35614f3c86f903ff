"""Judge a receipt: the one place where points are decided (domain.md §3.4).

`evaluate` is pure. The steps and their order are fixed, so that a rulebook's results can be foreseen; each step is a
module of `portal.rulebook.steps`.
"""

from collections.abc import Sequence

from portal.errors import Refused
from portal.rulebook.compiled import CompiledRulebook, compile_rulebook
from portal.rulebook.document import Rulebook
from portal.rulebook.member_state import HeldCoupon, MemberState
from portal.rulebook.moments import in_zone
from portal.rulebook.outcome import Limits, LineOutcome, Outcome
from portal.rulebook.receipt import Line, Receipt
from portal.rulebook.situation import Bill, Situation, open_bill
from portal.rulebook.steps.accrual import accrue
from portal.rulebook.steps.blocks import collect_blocks
from portal.rulebook.steps.discounts import take_discounts
from portal.rulebook.steps.gifts import give_gifts
from portal.rulebook.steps.matching import match
from portal.rulebook.steps.multiplying import multiply
from portal.rulebook.steps.opening import Used, open_for_later, used_up
from portal.rulebook.steps.payment import pay_by_points
from portal.rulebook.steps.trace import Trace


class ForeignCurrency(Refused):
    """The receipt is told in another currency than the rulebook's."""

    code = "foreign-currency"
    text = "The programme is kept in %(expected)s, the receipt is in %(given)s."


def evaluate(
    rulebook: Rulebook, member: MemberState | None, receipt: Receipt, *, bearer: Sequence[HeldCoupon] = ()
) -> Outcome:
    """Return what the receipt comes to for the member, or for a guest (None).

    Rules are judged at the receipt's own time, so the present does not matter. `bearer` are the coupons shown that are
    good for whoever shows them. Raises `ForeignCurrency`.
    """
    book = compile_rulebook(rulebook)
    situation = situation_of(book, member, receipt, bearer=tuple(bearer))
    trace = Trace()
    matched = match(book.rules, situation, trace)
    blocks = collect_blocks(matched, situation.bill)
    give_gifts(matched, situation, blocks, trace)
    take_discounts(matched, situation, blocks, trace)
    matched = trace.staying(matched)
    limits = pay_by_points(book, matched, situation, blocks)
    if book.net_rules:
        matched = sorted(matched + match(book.net_rules, situation, trace), key=lambda rule: rule.place)
    drafts = accrue(book, matched, situation, blocks, trace)
    multiply(book, trace.staying(matched), drafts, situation, trace)
    matched = trace.staying(matched)
    open_for_later(book, matched, situation, trace)
    return _outcome(book, situation, trace, limits=limits, used=used_up(matched, situation, trace))


def situation_of(
    book: CompiledRulebook, member: MemberState | None, receipt: Receipt, *, bearer: tuple[HeldCoupon, ...]
) -> Situation:
    """Return the receipt before anything is decided, on the shop's clock. Raises `ForeignCurrency`."""
    currency = book.rulebook.currency
    if receipt.currency is not None and receipt.currency != currency:
        raise ForeignCurrency(expected=currency, given=receipt.currency)
    at = in_zone(receipt.at, book.zone)
    by_number = tuple(sorted(receipt.lines, key=lambda line: line.n))  # ties go to the lower number (domain.md §1.3)
    bill = open_bill(by_number, discount_cap_bp=book.discount_cap_bp)
    return Situation(receipt, member, at, at.date(), bill, bearer)


def _outcome(book: CompiledRulebook, situation: Situation, trace: Trace, *, limits: Limits, used: Used) -> Outcome:
    bill, gross, net = situation.bill, sum(situation.bill.gross), sum(situation.bill.net)
    earned: dict[str, int] = {}
    for grant in trace.grants:
        if grant.wallet in book.points_wallets:
            earned[grant.to] = earned.get(grant.to, 0) + grant.points
    return Outcome(
        rulebook=book.label,
        total=gross,
        discount=gross - net,
        points_spent=sum(bill.points),
        due=sum(bill.paid),
        earned=earned,
        lines=_lines(bill, told=situation.receipt.lines),
        discounts=tuple(trace.discounts),
        gifts=tuple(trace.gifts),
        grants=tuple(trace.grants),
        unlocked=tuple(trace.unlocked),
        coupons=tuple(trace.coupons),
        consumed=used.privileges,
        coupons_used=used.coupons,
        segments_used=used.segments,
        birthday_used=used.birthday,
        skipped=tuple(sorted(trace.skipped, key=lambda each: each.rule)),
        limits=limits,
    )


def _lines(bill: Bill, *, told: Sequence[Line]) -> tuple[LineOutcome, ...]:
    """Return what the lines came to, in the order in which they were told."""
    columns = zip(bill.lines, bill.gross, bill.net, bill.points, bill.paid, strict=True)
    outcomes = {
        line.n: LineOutcome(n=line.n, gross=gross, discount=gross - net, points=points, paid=paid)
        for line, gross, net, points, paid in columns
    }
    return tuple([outcomes[line.n] for line in told])
