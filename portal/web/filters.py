"""The filters of the templates: formats bound to the language of the page and the shop's clock and currency."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from flask import g
from markupsafe import Markup, escape

from portal.web import formats
from portal.web.instant import now
from portal.web.language import current_language, gettext, ngettext


@dataclass(frozen=True, slots=True)
class Place:
    """Where the shop stands: its clock and its money."""

    zone: tzinfo
    currency: str


def stand_in(place: Place) -> None:
    """Read the values of this request on the clock and in the money of this shop."""
    g.place = place


def _place() -> Place:
    return g.get("place") or Place(UTC, "RUB")


def _today() -> date:
    return now().astimezone(_place().zone).date()


def number(value: int) -> str:
    return formats.number(value, language=current_language())


def signed(value: int) -> str:
    return formats.signed(value, language=current_language())


def points(value: int) -> str:
    """`21 балл`, `1 point`: the figure and its word do not part."""
    return number(value) + formats.NBSP + points_word(value)


def points_word(value: int) -> str:
    return ngettext("point", "points", abs(value))


def money(minor: int) -> str:
    return formats.money(minor, currency=_place().currency, language=current_language())


def round_money(minor: int) -> str:
    return formats.round_money(minor, currency=_place().currency, language=current_language())


def percent(basis_points: int) -> str:
    return formats.percent(basis_points, language=current_language())


def day(value: date | datetime) -> str:
    """Write a day of the shop; an instant is the day it falls on there."""
    if isinstance(value, datetime):
        value = value.astimezone(_place().zone).date()
    return formats.day(value, today=_today(), language=current_language())


def day_of_year(value: date) -> str:
    """Write a day that comes every year, without one."""
    return formats.day(value, today=value, language=current_language())


def moment(at: datetime) -> str:
    return formats.moment(at, zone=_place().zone, now=now(), language=current_language())


def inclusive(value: date) -> str:
    """Say the last day on which something holds, so that nobody asks which day is meant."""
    return gettext("until %(day)s inclusive") % {"day": day(value)}


def lines(text: str) -> Markup:
    """Put a text's paragraphs into `<p>`."""
    return Markup("").join(Markup("<p>{}</p>").format(escape(part)) for part in text.split("\n\n") if part.strip())


FILTERS: dict[str, Callable[..., str]] = {
    "number": number,
    "signed": signed,
    "points": points,
    "points_word": points_word,
    "money": money,
    "round_money": round_money,
    "percent": percent,
    "day": day,
    "moment": moment,
    "inclusive": inclusive,
    "lines": lines,
    "grouped": formats.grouped,
    "translated": gettext,
}
