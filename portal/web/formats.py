"""Values as people read them: money, points, days, percents, in the language of the page and the zone of the shop.

Pure functions; the page's filters bind the language and the zone. No-break spaces keep a figure and its unit together.
"""

from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import cache

from babel.dates import get_month_names
from babel.numbers import get_currency_symbol

from portal.money import CURRENCIES

NBSP = "\u00a0"
MINUS = "\u2212"
_DECIMALS = Decimal("0.001")


def number(value: int | Decimal, *, language: str) -> str:
    """`1 234` in Russian, `1,234` in English; the minus is a real one."""
    text = (
        f"{abs(value):,}" if isinstance(value, int) else f"{abs(value).quantize(_DECIMALS):,f}".rstrip("0").rstrip(".")
    )
    return (MINUS if value < 0 else "") + _written(text, language)


def signed(value: int, *, language: str) -> str:
    """Write a change: `+120` or `−120`."""
    return f"+{number(value, language=language)}" if value > 0 else number(value, language=language)


def money(minor: int, *, currency: str, language: str) -> str:
    """Minor units with both decimals: `1 234,50 ₽`, `$1,234.50`, `RUB 1,234.50`."""
    exponent = CURRENCIES[currency].exponent
    figure = _written(f"{Decimal(abs(minor)).scaleb(-exponent):,.{exponent}f}", language)
    return _with_symbol(figure, minor=minor, currency=currency, language=language)


def round_money(minor: int, *, currency: str, language: str) -> str:
    """Write the same without decimals where there are none to say: `1 000 ₽`."""
    whole, rest = divmod(abs(minor), 10 ** CURRENCIES[currency].exponent)
    if rest:
        return money(minor, currency=currency, language=language)
    return _with_symbol(number(whole, language=language), minor=minor, currency=currency, language=language)


def percent(basis_points: int, *, language: str) -> str:
    """`2,5 %` in Russian, `2.5%` in English."""
    figure = number(Decimal(basis_points) / 100, language=language)
    return f"{figure}{NBSP}%" if language == "ru" else f"{figure}%"


def day(value: date, *, today: date, language: str) -> str:
    """`15 марта`, `15 March`; with the year when it is not this one, without «г.»: it may end a sentence."""
    written = f"{value.day}{NBSP}{month_names(language)[value.month - 1]}"
    if value.year == today.year:
        return written
    return f"{written}{NBSP}{value.year}"


def days(first: date, last: date, *, today: date, language: str) -> str:
    """Write a range of days, both included: `9–15 марта`, `28 марта – 3 апреля`."""
    end = day(last, today=today, language=language)
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    return f"{day(first, today=today, language=language)} – {end}"


def moment(at: datetime, *, zone: tzinfo, today: date, language: str) -> str:
    """Write a day and a time on the shop's clock: `4 марта, 12:00`."""
    here = at.astimezone(zone)
    return f"{day(here, today=today, language=language)}, {here.hour:02}:{here.minute:02}"


def last_day(expires_at: datetime, *, zone: tzinfo) -> date:
    """Return the last day on which points that expire at a local midnight still work (domain.md §2.3)."""
    return (expires_at.astimezone(zone) - timedelta(microseconds=1)).date()


def grouped(digits: str) -> str:
    """Write a card's number in groups of four, which do not break."""
    return NBSP.join(_cut(digits, 4))


def in_fours(code: str) -> str:
    """Write a coupon's code in groups of four, which may break between them."""
    return " ".join(_cut(code, 4))


def in_fives(digits: str) -> str:
    """Write a long code in groups of five, which may break between them."""
    return " ".join(_cut(digits, 5))


def _cut(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


def _with_symbol(figure: str, *, minor: int, currency: str, language: str) -> str:
    sign = MINUS if minor < 0 else ""
    symbol = _symbol(currency, language)
    if language == "ru":
        return f"{sign}{figure}{NBSP}{symbol}"
    gap = NBSP if symbol[-1].isalpha() else ""
    return f"{sign}{symbol}{gap}{figure}"


def _written(figure: str, language: str) -> str:
    """Turn English marks into those of the language."""
    return figure.replace(",", NBSP).replace(".", ",") if language == "ru" else figure


@cache
def month_names(language: str) -> tuple[str, ...]:
    """Return the twelve months as they stand beside a day."""
    names = get_month_names("wide", context="format", locale=language)
    return tuple(names[number] for number in range(1, 13))


@cache
def _symbol(currency: str, language: str) -> str:
    return get_currency_symbol(currency, locale=language)
