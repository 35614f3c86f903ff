"""What a basket would bring, before it is bought: judged as the till would judge it now, nothing is recorded."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, Response, request
from wtforms import SelectField, StringField

from portal.members.lookup import Lookup
from portal.programme.answers import GrantAnswer, ReceiptAnswer
from portal.programme.command import Command
from portal.programme.quote_receipt import quote_receipt
from portal.programme.rulebooks import rulebook_in_force
from portal.programme.told import ToldReceipt
from portal.programme.unread import find_unread
from portal.rulebook.document import Rulebook
from portal.rulebook.explain.voice import Voice
from portal.rulebook.kinds import kinds_of
from portal.rulebook.points import POINTS
from portal.rulebook.receipt import Line, Receipt
from portal.web.forms import Mistake, PortalForm, stripped
from portal.web.guards import member_with
from portal.web.instant import now
from portal.web.language import current_language, gettext, mark
from portal.web.render import page
from portal.web.sessions import current_member
from portal.web.speaker import stand_by
from portal.web.transactions import session, write_beside
from portal.web.typed import read_money

blueprint = Blueprint("calculator", __name__)

MOST_LINES = 6
NO_SUM = mark("Type a sum, as 1999 or 1999.50.")


class BasketLine(PortalForm):
    """A line of the basket: what kind of goods, and for how much."""

    kind = SelectField(validate_choice=False)
    amount = StringField(filters=[stripped])


@dataclass(frozen=True, slots=True)
class Basket:
    """The lines of the page and what is wrong with them."""

    rows: tuple[BasketLine, ...]

    @property
    def mistakes(self) -> list[Mistake]:
        told = [(n, mistake) for n, row in enumerate(self.rows, 1) for mistake in row.mistakes]
        return [replace(mistake, line=n) if len(self.rows) > 1 else mistake for n, mistake in told]


@dataclass(frozen=True, slots=True)
class Skip:
    """A rule that did not count, and why."""

    title: str
    text: str


@blueprint.get("/calculator")
@member_with(find_unread)
def calculator(unread: int) -> Response:
    rulebook = rulebook_in_force(session(), at=now())
    stand_by(rulebook)
    basket = _basket(kinds_of(rulebook, language=current_language()))
    lines = _lines(basket, currency=rulebook.currency)
    quote = _quote(lines, rulebook=rulebook) if lines and not basket.mistakes else None
    return page(
        "member/calculator.html",
        status=422 if basket.mistakes else 200,
        unread=unread,
        form=basket,
        many=len(basket.rows) < MOST_LINES,
        added=_asked_for_a_line(),
        quote=quote,
        payable=min(quote.limits.available, quote.limits.max_points) if quote else 0,
        grants=_grants(quote) if quote else [],
        skips=_skips(quote, rulebook=rulebook) if quote else [],
    )


def _basket(kinds: Sequence[tuple[str, str]]) -> Basket:
    """Read as many lines as the page had, and one more if that was asked for."""
    told = request.args.get("lines", "1")
    count = (int(told) if told.isdecimal() else 1) + _asked_for_a_line()
    return Basket(tuple(_row(number, kinds) for number in range(1, min(max(count, 1), MOST_LINES) + 1)))


def _row(number: int, kinds: Sequence[tuple[str, str]]) -> BasketLine:
    row = BasketLine(request.args, prefix=f"line{number}-")
    row.kind.choices = [("", gettext("Anything")), *kinds]
    return row


def _lines(basket: Basket, *, currency: str) -> tuple[Line, ...]:
    """Make the receipt's lines of the rows that say a sum; a row that says something else is blamed."""
    lines: list[Line] = []
    for number, row in enumerate(basket.rows, 1):
        typed = stripped(row.amount.data)
        gross = read_money(typed, currency=currency)
        if gross is not None:
            lines.append(_line(number, gross=gross, kind=row.kind.data or ""))
        elif typed:
            row.blame("amount", message=NO_SUM)
    if _asked_to_work_out() and not lines and not basket.mistakes:
        basket.rows[0].blame("amount", message=NO_SUM)
    return tuple(lines)


def _asked_to_work_out() -> bool:
    return "lines" in request.args and not _asked_for_a_line()


def _asked_for_a_line() -> bool:
    return "more" in request.args


def _line(number: int, *, gross: int, kind: str) -> Line:
    what, _, name = kind.partition(":")
    return Line(
        n=number, gross=gross, brand=name if what == "brand" else "", category=name if what == "category" else ""
    )


def _quote(lines: tuple[Line, ...], *, rulebook: Rulebook) -> ReceiptAnswer:
    receipt = Receipt(at=now().astimezone(rulebook.zone), lines=lines)
    buyer = Lookup(kind="id", value=current_member().member_id)
    command = Command(client="member", key="", now=now(), language=current_language())
    return quote_receipt(session(), ToldReceipt(receipt=receipt, member=buyer), command=command, beside=write_beside)


def _grants(quote: ReceiptAnswer) -> list[GrantAnswer]:
    return [grant for grant in quote.grants if grant.wallet == POINTS and grant.to == quote.member_id]


def _skips(quote: ReceiptAnswer, *, rulebook: Rulebook) -> list[Skip]:
    """Name the rules that members may know of and that did not count."""
    voice = Voice(language=current_language(), currency=rulebook.currency, year=now().year, zone=rulebook.zone)
    titles = {rule.id: voice.title(rule.title) or rule.id for rule in rulebook.rules if rule.visible}
    return [Skip(titles[each.rule], each.text) for each in quote.skipped if each.rule in titles]
