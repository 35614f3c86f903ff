"""The pages of a sale: who, what, and what to do next, in that order (visual.md, Till)."""

from dataclasses import dataclass
from decimal import Decimal

from flask import Response

from portal.errors import Refused
from portal.programme.answers import GrantAnswer, ReceiptAnswer
from portal.programme.identify_member import IdentifiedAnswer
from portal.rulebook.document import POINTS, Rulebook
from portal.rulebook.receipt import Line
from portal.rulebook.values import quantity_text
from portal.till.basket import Basket
from portal.till.sale import Sale
from portal.till.till_page import till_page
from portal.web.formats import number
from portal.web.language import current_language, gettext, said


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipLine:
    """A line of the slip: a name, what it comes to in money, and why."""

    name: str
    sum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A judged receipt laid out: goods and discounts in money, points by rule."""

    goods: tuple[SlipLine, ...]
    discount: int
    by_points: int
    due: int
    grants: tuple[GrantAnswer, ...]

    @property
    def points(self) -> int:
        return sum(grant.points for grant in self.grants)


def basket_page(
    sale: Sale, who: IdentifiedAnswer, basket: Basket, *, contact: str = "", outdated: bool = False
) -> Response:
    """Ask what is bought. `outdated` says that a code of a phone was shown and no longer lets anybody spend."""
    status = 422 if basket.mistakes else 200
    return till_page(
        "till/basket.html", status=status, sale=sale, who=who, form=basket, contact=contact, outdated=outdated
    )


def quote_page(
    sale: Sale,
    who: IdentifiedAnswer,
    basket: Basket,
    quote: ReceiptAnswer,
    *,
    slip: Slip,
    asked: int = 0,
    refusal: Refused | None = None,
    status: int = 200,
) -> Response:
    """Show what the receipt comes to. `asked` are the points typed, which may be more than can be spent."""
    return till_page(
        "till/quote.html",
        scans=not sale.may_spend and who.balance.available > 0,
        status=refusal.status if refusal else status,
        sale=sale,
        who=who,
        contact="",
        form=basket,
        quote=quote,
        slip=slip,
        at_most=min(quote.limits.max_points, quote.limits.available),
        cut=asked > quote.points_spent,
        reason=said(refusal) if refusal else "",
    )


def slip_of(quote: ReceiptAnswer, lines: tuple[Line, ...], *, rulebook: Rulebook) -> Slip:
    return Slip(
        goods=tuple(SlipLine(name=_name(line, alone=len(lines) == 1), sum=line.gross) for line in lines),
        discount=quote.discount,
        by_points=quote.points_spent * rulebook.worth,
        due=quote.due,
        grants=tuple(each for each in quote.grants if each.wallet == POINTS and each.to == quote.member_id),
    )


def _name(line: Line, *, alone: bool) -> str:
    name = line.title or (gettext("Goods") if alone else gettext("Line %(number)s") % {"number": line.n})
    if line.qty == 1:
        return name
    return f"{name} × {number(Decimal(quantity_text(line.qty)), language=current_language())}"
