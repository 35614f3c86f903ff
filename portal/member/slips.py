"""An explained entry laid out as a receipt slip: goods, discounts, points by rule, what did not count and why."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.member.rows import words_of
from portal.programme.explain_entry import ExplainedEntry, ExplainedReceipt
from portal.rulebook.explain import Told
from portal.rulebook.points import POINTS
from portal.rulebook.receipt import Line
from portal.web.language import gettext
from portal.web.speaker import speaking


@dataclass(frozen=True, slots=True)
class SlipLine:
    """A name, a sum (money or points, as its part says) and the reason below it."""

    name: str
    sum: int
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What the page of an entry shows; a part without lines is not drawn.

    `goods`, `less`, `by_points` and `due` are money; `points` are pieces where the slip is `of_gifts`.
    """

    receipt: str | None
    goods: tuple[SlipLine, ...] = ()
    less: tuple[SlipLine, ...] = ()
    by_points: int = 0
    due: int = 0
    points: tuple[SlipLine, ...]
    of_gifts: bool = False
    opened: tuple[Told, ...] = ()
    skipped: tuple[Told, ...] = ()
    rulebook: str | None
    returned: bool = False

    @property
    def total(self) -> int:
        return sum(line.sum for line in self.points)


def slip_of(explained: ExplainedEntry) -> Slip:
    """Lay an entry out: the whole receipt to its buyer, else the entry alone."""
    receipt = explained.receipt
    version = explained.rulebook.partition("#")[0].rpartition("@")[2] if explained.rulebook else None
    if receipt is None or explained.line.kind in {"restoration", "reversal"}:
        gift = explained.line.gift
        name = gift or explained.line.title or words_of(explained.line, speaking())[0]
        own = SlipLine(name, explained.line.points, explained.text)
        return Slip(receipt=receipt.number if receipt else None, points=(own,), of_gifts=bool(gift), rulebook=version)
    outcome = receipt.sale.outcome
    return Slip(
        receipt=receipt.number,
        goods=tuple(SlipLine(_goods(line), line.gross) for line in receipt.sale.receipt.lines),
        less=tuple(_less(receipt)),
        by_points=-outcome.points_spent * receipt.sale.rulebook.worth,
        due=outcome.due,
        points=tuple(_points(receipt)),
        opened=(*receipt.told.unlocked, *receipt.told.coupons, *receipt.told.gifts),
        skipped=receipt.told.skipped,
        rulebook=version,
        returned=receipt.fully_returned,
    )


def _goods(line: Line) -> str:
    return speaking().times(line.title or line.sku or gettext("Goods"), line.qty)


def _less(receipt: ExplainedReceipt) -> Iterator[SlipLine]:
    discounts = zip(receipt.sale.outcome.discounts, receipt.told.discounts, strict=True)
    return (SlipLine(told.title, -discount.amount, told.text) for discount, told in discounts)


def _points(receipt: ExplainedReceipt) -> Iterator[SlipLine]:
    """Yield the buyer's own points; what a friend or an agent earned is theirs to see."""
    outcome = receipt.sale.outcome
    for grant, told in zip(outcome.grants, receipt.told.grants, strict=True):
        if grant.beneficiary == "member" and grant.wallet == POINTS:
            yield SlipLine(told.title, grant.points, told.text)
    if outcome.points_spent:
        yield SlipLine(gettext("Paid with points"), -outcome.points_spent)
