"""A receipt as a till tells it."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter

from portal.rulebook.values import Minor, Moment, Name, Points, Quantity, Text, Whole, quantity_text

MOST_LINES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One position. `gross` is the price of the whole quantity by the shelf, in minor units, before any discount."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    n: Annotated[Whole, Field(ge=1, le=10**6)]
    gross: Minor
    qty: Quantity = Fraction(1)
    sku: Text = ""
    title: Text = ""
    category: Text = ""
    brand: Text = ""
    tags: Annotated[tuple[Text, ...], Field(max_length=50)] = ()


def _numbered_once(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    if len({line.n for line in lines}) != len(lines):
        raise ValueError("two lines have the same number")
    return lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A sale. `at` is the till's fiscal time; without an offset it is read in the rulebook's zone.

    `points_requested` is what the member asks to spend, or "max". `coupons` are codes shown at the till.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    at: Moment
    lines: Annotated[tuple[Line, ...], Field(min_length=1, max_length=MOST_LINES), AfterValidator(_numbered_once)]
    number: Text = ""
    store: Text = ""
    till: Text = ""
    channel: Text = ""
    currency: Text | None = None
    points_requested: Points | Literal["max"] = 0
    coupons: Annotated[tuple[Name, ...], Field(max_length=50)] = ()


RECEIPT: TypeAdapter[Receipt] = TypeAdapter(Receipt)


def read_receipt(document: dict[str, Any]) -> Receipt:
    """Read a receipt from plain JSON; raises pydantic's ValidationError with the path of everything wrong."""
    return RECEIPT.validate_python(document)


def receipt_json(receipt: Receipt) -> dict[str, Any]:
    """Write a receipt as plain JSON that `read_receipt` reads back equal; what is default is left out.

    Lines are written by hand: every purchase is written twice, and comparing each quantity with the default took longer
    than judging the receipt.
    """
    document = RECEIPT.dump_python(receipt, mode="json", exclude_defaults=True, exclude={"lines"})
    return {**document, "lines": [_line_json(line) for line in receipt.lines]}


def _line_json(line: Line) -> dict[str, Any]:
    document: dict[str, Any] = {"n": line.n, "gross": line.gross}
    if line.qty.numerator != 1 or line.qty.denominator != 1:
        document["qty"] = quantity_text(line.qty)
    if line.sku:
        document["sku"] = line.sku
    if line.title:
        document["title"] = line.title
    if line.category:
        document["category"] = line.category
    if line.brand:
        document["brand"] = line.brand
    if line.tags:
        document["tags"] = list(line.tags)
    return document
