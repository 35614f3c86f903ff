"""A sale the linter thinks up, and how it is changed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from portal.rulebook.line_filter import LineFilter
from portal.rulebook.member_state import MemberState
from portal.rulebook.receipt import Line, Receipt

MOST_LINES = 5
MEMBER, FRIEND, AGENT = "member", "friend", "agent"


@dataclass(frozen=True, slots=True)
class Basket:
    """A receipt, and its buyer as known before it."""

    receipt: Receipt
    member: MemberState

    def told(self, **changes: object) -> "Basket":
        """Return the same sale with other facts on the receipt."""
        return Basket(replace(self.receipt, **changes), self.member)  # type: ignore[arg-type]

    def bought_by(self, **changes: object) -> "Basket":
        """Return the same sale to a member of whom other things are known."""
        return Basket(self.receipt, replace(self.member, **changes))  # type: ignore[arg-type]

    def and_also(self, line: Line) -> "Basket":
        """Return the sale with one line more, or as it is where it has many."""
        lines = self.receipt.lines
        return self.over([*lines, line]) if len(lines) < MOST_LINES else self

    def over(self, lines: Iterable[Line]) -> "Basket":
        """Return the sale of other lines, numbered anew."""
        return self.told(lines=tuple(replace(line, n=n) for n, line in enumerate(lines, start=1)))


def plain_basket(*, at: datetime, price: int) -> Basket:
    """Return one thing of no kind, bought by a member whom somebody brought, and whose orders somebody else brings."""
    member = MemberState(id=MEMBER, referrer=FRIEND, agent=AGENT)
    return Basket(Receipt(at=at, lines=(Line(n=1, gross=price, title="…"),)), member)


def line_of(filters: Iterable[LineFilter], *, price: int) -> Line | None:
    """Return a line that every one of the filters covers, or None where none is found by taking their first names."""
    line = Line(n=1, gross=price, title="…")
    for each in filters:
        line = _named(line, each)
    return line if all(each.compiled()(line) for each in filters) else None


def _named(line: Line, wanted: LineFilter) -> Line:
    tags = line.tags if not wanted.tag or set(wanted.tag) & set(line.tags) else (*line.tags, wanted.tag[0])
    return replace(
        line,
        sku=line.sku or (wanted.sku or ("",))[0],
        category=line.category or (wanted.category or ("",))[0],
        brand=line.brand or (wanted.brand or ("",))[0],
        tags=tags,
    )


def priced(basket: Basket, total: int) -> Basket:
    """Return the sale at another total, spread over its lines as before."""
    before = sum(line.gross for line in basket.receipt.lines) or 1
    lines = [replace(line, gross=line.gross * total // before) for line in basket.receipt.lines]
    rest = total - sum(line.gross for line in lines)
    return basket.over([replace(lines[0], gross=lines[0].gross + rest), *lines[1:]])


def counted(basket: Basket, qty: Fraction) -> Basket:
    """Return the sale of so many of each line, at the same price of a line."""
    return basket.over(replace(line, qty=qty) for line in basket.receipt.lines)
