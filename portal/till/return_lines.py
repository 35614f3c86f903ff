"""The lines of a receipt of which something comes back: sold, returned before, and now."""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from flask import request
from wtforms import StringField

from portal.programme.look_up_receipt import ReceiptRecord
from portal.rulebook.receipt import Line, read_receipt
from portal.rulebook.values import quantity_text, read_quantity
from portal.web.forms import Mistake, PortalForm, stripped
from portal.web.language import mark

NOTHING = mark("Say how much of which line comes back.")
NO_QUANTITY = mark("Type a quantity, as 2 or 0.35.")


class ReturnForm(PortalForm):
    qty = StringField(filters=[stripped])


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """A line of the receipt, what of it is still out, and the field for what comes back now."""

    line: Line
    left: Fraction
    form: ReturnForm

    @property
    def left_text(self) -> str:
        return quantity_text(self.left) if self.left else "0"

    @property
    def sold_text(self) -> str:
        return quantity_text(self.line.qty)


@dataclass(frozen=True, slots=True)
class ReturnLines:
    """The lines as the page shows them; `returning` is what was typed, by line, where it could be read."""

    rows: tuple[ReturnLine, ...]
    returning: dict[int, Fraction]

    @property
    def mistakes(self) -> list[Mistake]:
        return [mistake for row in self.rows for mistake in row.form.mistakes]

    @property
    def all_back(self) -> bool:
        return not any(row.left for row in self.rows)

    def blame(self, message: str, *, line: object) -> None:
        """Put a refusal beside the line it is about, else beside the first that can come back."""
        row = next((row for row in self.rows if row.line.n == line), self.rows[0])
        row.form.blame("qty", message=message)


def untouched_lines(receipt: ReceiptRecord) -> ReturnLines:
    return ReturnLines(_rows(receipt, typed={}), {})


def posted_lines(receipt: ReceiptRecord) -> ReturnLines:
    """Read what comes back; with the button for all, everything that is left. What cannot be read is blamed."""
    rows = _rows(receipt, typed=request.form.to_dict())
    returning: dict[int, Fraction] = {}
    for row in rows:
        typed = row.left_text if "all" in request.form else row.form.qty.data or ""
        if typed and typed != "0":
            row.form.qty.data = typed
            _read(row, typed, returning)
    lines = ReturnLines(rows, returning)
    if not returning and not lines.mistakes:
        lines.blame(NOTHING, line=next((row.line.n for row in rows if row.left), None))
    return lines


def _read(row: ReturnLine, typed: str, returning: dict[int, Fraction]) -> None:
    try:
        quantity = read_quantity(typed.replace(",", "."))
    except ValueError:
        row.form.blame("qty", message=NO_QUANTITY)
        return
    returning[row.line.n] = quantity


def _rows(receipt: ReceiptRecord, *, typed: dict[str, str]) -> tuple[ReturnLine, ...]:
    returned: dict[int, Fraction] = defaultdict(Fraction)
    for refund in receipt.refunds:
        for n, quantity in refund.lines.items():
            returned[int(n)] += Fraction(quantity)
    return tuple(
        ReturnLine(line, line.qty - returned[line.n], _form(line, typed))
        for line in read_receipt(dict(receipt.told)).lines
    )


def _form(line: Line, typed: dict[str, str]) -> ReturnForm:
    prefix = f"line{line.n}-"
    return ReturnForm(data={"qty": typed.get(f"{prefix}qty", "")[:12]}, prefix=prefix)
