"""Entries of a statement as rows of a page: what a receipt brought is one row, told by rule on its own page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import groupby

from portal.programme.statement import StatementLine
from portal.web.language import mark
from portal.web.speaker import Speaker, speaking

MOVES = frozenset({"release", "hold", "void", "timeout"})
"""Kinds that give and take nothing: points only become spendable or not."""

_BY_CAUSE = {
    "purchase": (mark("Purchase"), "history"),
    "welcome": (mark("Welcome points"), "gift"),
    "referral": (mark("A friend's purchase"), "gift"),
    "agent": (mark("A client's purchase"), "gift"),
}
_BY_KIND = {
    "accrual": (mark("Points"), "points"),
    "release": (mark("Became available"), "waiting"),
    "hold": (mark("Set aside at a till"), "lock"),
    "capture": (mark("Paid with points"), "spend"),
    "redemption": (mark("Paid with points"), "spend"),
    "void": (mark("No longer set aside"), "lock"),
    "timeout": (mark("No longer set aside"), "lock"),
    "expiry": (mark("Expired"), "clock"),
    "restoration": (mark("Points back for a return"), "undo"),
    "reversal": (mark("Taken back for a return"), "undo"),
    "settlement": (mark("Covered what was owed"), "done"),
    "write_off": (mark("Owed points forgiven"), "done"),
    "adjustment": (mark("Correction by the shop"), "info"),
    "forfeit": (mark("Given up on leaving"), "close"),
}
_GIFT_BY_KIND = {
    "accrual": (mark("A gift for you"), "gift"),
    "redemption": (mark("Gift handed out"), "gift"),
    "expiry": (mark("Gift ran out"), "clock"),
    "restoration": (mark("Gift put back"), "undo"),
    "reversal": (mark("Gift taken back for a return"), "undo"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row: `points` with their sign; `moved` ones changed their state and not the sum.

    A `gift` is counted in pieces, which its title tells: no figure may look like points.
    """

    number: int
    at: datetime
    title: str
    icon: str
    points: int
    moved: bool
    gift: bool

    @property
    def address(self) -> str:
        return f"/history/{self.number}"


def rows_of(lines: Sequence[StatementLine]) -> list[Row]:
    """Make rows of lines, newest first."""
    say = speaking()
    return [_row(list(group), say) for _, group in groupby(lines, key=_together)]


def whole_rows(lines: Sequence[StatementLine], *, more: bool) -> list[Row]:
    """Make rows of a page of lines; where `more` follow, the last row may lack some of its lines and is left out."""
    rows = rows_of(lines)
    return rows[:-1] if more and len(rows) > 1 else rows


def words_of(line: StatementLine, say: Speaker) -> tuple[str, str]:
    """Return the title of an entry and its icon; what no purchase gave bears the rulebook's own title."""
    if line.gift:
        title, icon = _GIFT_BY_KIND.get(line.kind, _BY_KIND.get(line.kind, _BY_KIND["accrual"]))
        return f"{say.sentence(title)}: {line.gift}", icon
    if line.kind == "accrual" and line.cause in _BY_CAUSE:
        title, icon = _BY_CAUSE[line.cause]
        return (line.title if line.title and line.receipt_id is None else say.sentence(title)), icon
    title, icon = _BY_KIND.get(line.kind, _BY_KIND["accrual"])
    return (line.title if line.title and line.kind == "accrual" else say.sentence(title)), icon


def _together(line: StatementLine) -> tuple[object, ...]:
    if line.kind == "accrual" and line.receipt_id and line.cause == "purchase":
        return (line.receipt_id, line.wallet)
    return (line.number,)


def _row(lines: Sequence[StatementLine], say: Speaker) -> Row:
    first = lines[-1]
    title, icon = words_of(first, say)
    points = sum(line.points for line in lines)
    if first.gift and points:
        title = say.times(title, Fraction(abs(points)))
    moved = first.kind in MOVES
    return Row(first.number, first.at, title, icon, abs(points) if moved else points, moved, bool(first.gift))
