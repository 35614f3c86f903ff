"""The kinds of value the API takes, strict about their types (api.md "General")."""

import re
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, StringConstraints, WithJsonSchema

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")
NO_CONTROLS = r"^[^\x00-\x1f\x7f]*$"
_YEARS = range(2000, 2200)


class Document(BaseModel):
    """A body, or a part of one, that refuses names it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _read_instant(given: object) -> datetime:
    if not isinstance(given, str) or not _RFC_3339.fullmatch(given):
        raise ValueError("a time is RFC 3339 with its offset, as 2026-03-04T12:00:00+03:00")
    try:
        moment = datetime.fromisoformat(given.upper())
        year = moment.astimezone(UTC).year
    except (ValueError, OverflowError):
        raise ValueError("there is no such time") from None
    if year not in _YEARS:
        raise ValueError("a time is of the years 2000 to 2199")
    return moment


def _read_day(given: object) -> date:
    if not isinstance(given, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", given):
        raise ValueError("a day is written as 2026-03-04")
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise ValueError("there is no such day") from None


Instant = Annotated[
    datetime,
    BeforeValidator(_read_instant),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": "^2[01]"}),
]
"""An aware instant, of the years 2000 to 2199."""
Day = Annotated[date, BeforeValidator(_read_day), WithJsonSchema({"type": "string", "format": "date"})]
Place = Annotated[str, Strict(), StringConstraints(min_length=1, max_length=40, pattern=NO_CONTROLS)]
"""A store, a till or a channel."""
Label = Annotated[str, Strict(), StringConstraints(min_length=1, max_length=80, pattern=NO_CONTROLS)]
"""A receipt's number, a name."""
Shown = Annotated[str, Strict(), StringConstraints(min_length=1, max_length=320)]
"""What a member shows or tells: a code, a phone, an address."""
Amount = Annotated[int, Strict(), Field(ge=1, le=10**12)]
"""Points, at least one."""
PageSize = Annotated[int, Field(ge=1, le=200)]
