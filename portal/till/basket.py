"""What is bought: one amount, or lines with a name, a kind, a price and a quantity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from flask import request
from wtforms import SelectField, StringField

from portal.catalogue.goods import Goods
from portal.catalogue.queries import goods_of
from portal.money import rounded
from portal.rulebook.document import Rulebook
from portal.rulebook.kinds import kinds_of
from portal.rulebook.receipt import Line
from portal.rulebook.values import MOST, read_quantity
from portal.till.lines import line_of
from portal.web.forms import Mistake, PortalForm, stripped
from portal.web.language import current_language, gettext, mark
from portal.web.transactions import session
from portal.web.typed import read_money, read_whole, typed_money

MOST_LINES = 30
LONGEST_TEXT = 80
FIELDS = ("title", "kind", "price", "qty", "sku")
NO_SUM = mark("Type a sum, as 1999 or 1999.50.")
NO_QUANTITY = mark("Type a quantity, as 2 or 0.35.")
NO_POINTS = mark("Type a whole number of points, as 150.")
TOO_MUCH = mark("That is more than one receipt can hold.")


class LineForm(PortalForm):
    """A line. Without more lines it is the amount of the whole receipt."""

    title = StringField(filters=[stripped])
    kind = SelectField(validate_choice=False)
    price = StringField(filters=[stripped])
    qty = StringField(filters=[stripped])
    sku = StringField(filters=[stripped])


class NumberForm(PortalForm):
    number = StringField(filters=[stripped])
    barcode = StringField(filters=[stripped])
    points = StringField(filters=[stripped])


@dataclass(frozen=True, slots=True)
class Basket:
    """The typed lines; `in_lines` when there is more to say than one amount.

    `about` holds the receipt's number and the points to spend; `known` are the goods of the catalogue, by their name.
    """

    rows: tuple[LineForm, ...]
    about: NumberForm
    in_lines: bool
    known: Mapping[str, Goods] = field(default_factory=dict[str, Goods])

    @property
    def mistakes(self) -> list[Mistake]:
        return [mistake for form in (*self.rows, self.about) for mistake in form.mistakes]

    @property
    def number(self) -> str:
        return (self.about.number.data or "")[:LONGEST_TEXT]

    @property
    def points(self) -> int | None:
        """Tell how many points were typed to be spent: none when the field is empty, nothing when it is no number."""
        return read_whole(self.about.points.data or "0")

    @property
    def may_grow(self) -> bool:
        return len(self.rows) < MOST_LINES


def empty_basket() -> Basket:
    return Basket((_row(1, {}, kinds=()),), NumberForm(), in_lines=False)


def posted_basket(rulebook: Rulebook) -> Basket:
    """Read the lines of the page, with one more or one less where a button said so."""
    typed = _typed_lines()
    count = len(typed)
    dropped = request.form.get("drop", "")
    if dropped.isdecimal() and count > 1:
        typed = [row for n, row in enumerate(typed, 1) if n != int(dropped)]
    if "more" in request.form and "in_lines" in request.form and count < MOST_LINES:
        typed.append({})
    return _basket(typed, rulebook, in_lines="in_lines" in request.form or "more" in request.form)


def basket_with(goods: Goods, rulebook: Rulebook) -> Basket:
    """Read the lines of the page and add one of these goods: to their line, to an empty one, or to a new one."""
    typed = [row for row in _typed_lines() if row["price"] or row["title"]]
    same = next((row for row in typed if row["sku"] == goods.sku and row["qty"].isdecimal()), None)
    if same:
        same["qty"] = str(int(same["qty"]) + 1)
    elif len(typed) < MOST_LINES:
        price = typed_money(goods.price, currency=rulebook.currency)
        typed.append({"title": goods.title, "kind": "", "price": price, "qty": "1", "sku": goods.sku})
    return _basket(typed, rulebook, in_lines=True)


def _basket(typed: Sequence[dict[str, str]], rulebook: Rulebook, *, in_lines: bool) -> Basket:
    kinds = kinds_of(rulebook, language=current_language())
    rows = tuple(_row(n, row, kinds=kinds) for n, row in enumerate(typed, 1))
    known = goods_of(session(), {row["sku"] for row in typed if row.get("sku")})
    return Basket(rows, NumberForm(request.form), in_lines=in_lines, known=known)


def lines_of(basket: Basket, *, currency: str) -> tuple[Line, ...]:
    """Make the receipt's lines; what cannot be read is blamed, and the basket has mistakes then."""
    if basket.points is None:
        basket.about.blame("points", message=NO_POINTS)
    typed = [row for row in basket.rows if row.price.data or row.title.data] or basket.rows[:1]
    return tuple(line for n, row in enumerate(typed, 1) if (line := _line(n, row, basket.known, currency=currency)))


def _count() -> int:
    told = request.form.get("lines", "1")
    return min(max(int(told) if told.isdecimal() and len(told) < 4 else 1, 1), MOST_LINES)


def _typed_lines() -> list[dict[str, str]]:
    return [_typed_line(n) for n in range(1, _count() + 1)]


def _typed_line(n: int) -> dict[str, str]:
    return {name: request.form.get(f"line{n}-{name}", "")[:LONGEST_TEXT] for name in FIELDS}


def _row(n: int, typed: dict[str, str], *, kinds: Sequence[tuple[str, str]]) -> LineForm:
    row = LineForm(data=typed | {"qty": typed.get("qty") or "1"}, prefix=f"line{n}-")
    row.kind.choices = [("", gettext("Anything")), *kinds]
    return row


def _line(n: int, row: LineForm, known: Mapping[str, Goods], *, currency: str) -> Line | None:
    price = read_money(row.price.data or "", currency=currency)
    qty = typed_quantity(row.qty.data or "1")
    if price is None:
        row.blame("price", message=NO_SUM)
    if qty is None:
        row.blame("qty", message=NO_QUANTITY)
    if price is None or qty is None:
        return None
    gross = rounded(price * qty, "half_up")
    if not 0 < gross <= MOST:
        row.blame("price", message=TOO_MUCH if gross else NO_SUM)
        return None
    goods = known.get(row.sku.data or "")
    return line_of(n, gross=gross, qty=qty, title=row.title.data or "", kind=row.kind.data or "", goods=goods)


def typed_quantity(typed: str) -> Fraction | None:
    """Read `2` or `0,35`; nothing when it is no quantity."""
    try:
        return read_quantity(typed.replace(",", "."))
    except ValueError:
        return None
