"""The pages of a sale: who, what, and what to do next, in that order (visual.md, Till)."""

from dataclasses import dataclass
from types import MappingProxyType

from flask import Response

from portal.errors import Refused
from portal.programme.answers import GrantAnswer, ReceiptAnswer
from portal.programme.hand_out_gift import HandedOut
from portal.programme.hold_points import find_set_aside
from portal.programme.identify_member import IdentifiedAnswer
from portal.rulebook.document import Rulebook
from portal.rulebook.points import POINTS
from portal.rulebook.receipt import Line
from portal.till.basket import Basket
from portal.till.sale import Sale
from portal.till.till_page import till_page
from portal.web.hx import wanted_part
from portal.web.instant import now
from portal.web.language import gettext, said
from portal.web.speaker import speaking
from portal.web.transactions import session

NOTHING = MappingProxyType(
    {
        "quote": None,
        "slip": None,
        "at_most": 0,
        "cut": False,
        "reason": "",
        "wrong": "",
        "contact": "",
        "outdated": False,
        "given": None,
    }
)
"""What the screen knows of a sale before anything is typed."""


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
    sale: Sale,
    who: IdentifiedAnswer,
    basket: Basket,
    *,
    contact: str = "",
    outdated: bool = False,
    refusal: Refused | None = None,
    given: HandedOut | None = None,
) -> Response:
    """Ask what is bought. `outdated` says that a code of a phone was shown and no longer lets anybody spend.

    While a sum is typed it is no sum yet: the part that is refreshed says what is missed, and is no error.
    """
    mistakes = basket.mistakes
    status = 422 if mistakes and wanted_part() is None else 200
    reason = said(refusal) if refusal else ""
    wrong = gettext(mistakes[0].message) if mistakes else ""
    return _page(
        sale,
        who,
        basket,
        status=refusal.status if refusal else status,
        contact=contact,
        outdated=outdated,
        wrong=wrong,
        reason=reason,
        given=given,
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
) -> Response:
    """Show what the receipt comes to. `asked` are the points typed, which may be more than can be spent."""
    return _page(
        sale,
        who,
        basket,
        status=refusal.status if refusal else 200,
        quote=quote,
        slip=slip,
        at_most=min(quote.limits.max_points, quote.limits.available) if sale.may_spend else 0,
        cut=asked > quote.points_spent,
        reason=said(refusal) if refusal else "",
    )


def _page(sale: Sale, who: IdentifiedAnswer, basket: Basket, *, status: int, **more: object) -> Response:
    """Render the one screen of a sale, or the part of it that was worked out anew. Raises `HoldEnded`."""
    held = find_set_aside(session(), sale.hold, now=now()) if sale.hold else None
    scans = not sale.may_spend and who.balance.available > 0
    here = {"sale": sale, "who": who, "form": basket, "held": held, "live": wanted_part() is not None}
    return till_page("till/sale.html", status=status, scans=scans, **(NOTHING | here | more))


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
    return speaking().times(name, line.qty)
