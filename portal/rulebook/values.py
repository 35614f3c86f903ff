"""The kinds of value a rulebook, a receipt and a member's state are made of, strict about their types.

Numbers are never read from texts nor texts from numbers; a moment is a `datetime` or its ISO text, never a number.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetPydanticSchema, PlainSerializer, Strict
from pydantic_core import core_schema

MOST = 10**12
"""No amount, in minor units or points, is above this: sums of a thousand lines stay within 64 bits."""

QUANTITY_PLACES = 3
_FEW = 100
_NO_CONTROLS = r"^[^\x00-\x1f\x7f]*$"
_DECIMAL = re.compile(r"\s*[0-9]{1,20}(\.[0-9]{1,20})?\s*", re.ASCII)


class Model(BaseModel):
    """A frozen part of a document that refuses names it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def read_quantity(given: object) -> Fraction:
    """Read a quantity above zero with at most three decimals, exactly, from a number or a decimal text."""
    if type(given) is int and 0 < given <= _FEW:
        return _few(given)
    exact = given if isinstance(given, Fraction) else _number(given)
    if not 0 < exact.numerator <= 10**6 * exact.denominator:
        raise ValueError("a quantity is above 0 and at most 1 000 000")
    if 10**QUANTITY_PLACES % exact.denominator:
        raise ValueError("a quantity has at most three decimals")
    return exact


@cache
def _few(pieces: int) -> Fraction:
    """Return what nearly every line of a receipt has; a fraction costs as much as the rest of a line."""
    return Fraction(pieces)


def _number(given: object) -> Fraction:
    if isinstance(given, str) and not _DECIMAL.fullmatch(given):
        raise ValueError("a quantity is a number")  # also 1e999999999, which would take an hour to write out
    if isinstance(given, bool) or not isinstance(given, int | float | str | Decimal):
        raise ValueError("a quantity is a number")
    if isinstance(given, int):
        return Fraction(given)
    try:
        return Fraction(Decimal(str(given)))
    except (ValueError, OverflowError) as no_number:
        raise ValueError("a quantity is a number") from no_number


def quantity_text(quantity: Fraction) -> str:
    """Write a quantity as the shortest decimal text: 7 → "7", 7/20 → "0.35"."""
    if quantity.denominator == 1:
        return str(quantity.numerator)
    return format(Decimal(quantity.numerator) / Decimal(quantity.denominator), "f")


def read_exact(given: object) -> Fraction:
    """Read an exact number written as "25/2" or "12"."""
    if isinstance(given, Fraction):
        return given
    if isinstance(given, str) and re.fullmatch(r"\d+(/\d+)?", given):
        return Fraction(given)
    raise ValueError("an exact number is written as 25/2")


def _moment(given: object) -> object:
    if isinstance(given, str):
        given = datetime.fromisoformat(given)
    elif isinstance(given, date) and not isinstance(given, datetime):
        given = datetime(given.year, given.month, given.day)  # noqa: DTZ001 - a local date as TOML has it
    if not isinstance(given, datetime):
        raise ValueError("a moment is an ISO date and time")
    return _near(given)


def _day(given: object) -> object:
    if isinstance(given, str):
        given = date.fromisoformat(given)
    if not isinstance(given, date) or isinstance(given, datetime):
        raise ValueError("a day is an ISO date")
    return _near(given)


def _near(given: date) -> date:
    """Refuse years so far off that adding a validity or an offset would leave the calendar."""
    if not 1900 <= given.year < 3000:
        raise ValueError("a year lies between 1900 and 2999")
    return given


def _wall_time(given: object) -> object:
    if isinstance(given, str):
        given = time() if given == "24:00" else time.fromisoformat(given)
    if not isinstance(given, time) or given.tzinfo is not None:
        raise ValueError("a time of day is HH:MM by the shop's clock")
    return given


def _exact_schema(
    reader: Callable[[object], Fraction], writer: Callable[[Fraction], str], *, told: core_schema.CoreSchema
) -> GetPydanticSchema:
    """Read and write an exact number; `told` describes what is read, for JSON Schema."""
    schema = core_schema.no_info_plain_validator_function(
        reader,
        json_schema_input_schema=told,
        serialization=core_schema.plain_serializer_function_ser_schema(
            writer, return_schema=core_schema.str_schema(), when_used="json"
        ),
    )
    return GetPydanticSchema(lambda _source, _handler: schema)


Whole = Annotated[int, Strict()]
"""An integer, never a boolean, a text or 1.0."""
Minor = Annotated[int, Strict(), Field(ge=0, le=MOST)]
"""Money in minor units of the rulebook's currency."""
Total = Annotated[int, Strict(), Field(ge=0)]
"""Money that the lines of a receipt come to."""
Points = Annotated[int, Strict(), Field(ge=0, le=MOST)]
Rate = Annotated[int, Strict(), Field(ge=0, le=10_000)]
"""A share in basis points, at most 100 %."""
Days = Annotated[int, Strict(), Field(ge=0, le=36_500)]
Count = Annotated[int, Strict(), Field(ge=1, le=10**6)]
Flag = Annotated[bool, Strict()]
Reward = Annotated[int, Strict(), Field(ge=0, le=10**6)]
"""Points that a rule gives at once or per unit."""
Text = Annotated[str, Strict(), Field(max_length=200, pattern=_NO_CONTROLS)]
Name = Annotated[str, Strict(), Field(min_length=1, max_length=100, pattern=_NO_CONTROLS)]
"""An id of a rule, wallet, privilege, segment, link, member …"""
Quantity = Annotated[
    Fraction,
    _exact_schema(
        read_quantity,
        quantity_text,
        told=core_schema.union_schema(
            [
                core_schema.float_schema(gt=0, le=10**6, multiple_of=10**-QUANTITY_PLACES),
                core_schema.str_schema(pattern=r"^[0-9]{1,6}(\.[0-9]{1,3})?$"),
            ]
        ),
    ),
]
Exact = Annotated[Fraction, _exact_schema(read_exact, str, told=core_schema.str_schema(pattern=r"^\d+(/\d+)?$"))]
Moment = Annotated[datetime, BeforeValidator(_moment)]
"""An instant; without an offset it is wall-clock time of the programme's zone."""
Day = Annotated[date, BeforeValidator(_day)]
WallTime = Annotated[
    time, BeforeValidator(_wall_time), PlainSerializer(lambda at: at.isoformat("auto"), return_type=str)
]
Names = Annotated[tuple[Name, ...], Field(min_length=1)]
Title = Text | dict[Name, Text]
"""A text for members: the same in every language, or one per language ({"ru": …, "en": …})."""


def title_in(title: Title | None, language: str) -> str:
    """Return a title in a language, else in the first it was written in; `5 %` and `300 ₽` break over no line."""
    if isinstance(title, dict):
        title = title.get(language) or next(iter(title.values()), "")
    return (title or "").replace(" %", "\u00a0%").replace(" ₽", "\u00a0₽")
