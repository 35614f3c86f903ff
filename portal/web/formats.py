"""Values as people read them: money, points, days, percents, in the language of the page and the zone of the shop.

Pure functions; the page's filters bind the language and the zone. No-break spaces keep a figure and its unit together.
"""

from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal

from babel.dates import format_date, format_time
from babel.numbers import format_decimal, get_currency_symbol

from portal.money import CURRENCIES

NBSP = "\u00a0"
MINUS = "\u2212"


def number(value: int | Decimal, *, language: str) -> str:
    """`1 234` in Russian, `1,234` in English; the minus is a real one."""
    text = format_decimal(abs(value), format="#,##0.###", locale=language)
    return f"{MINUS}{text}" if value < 0 else text


def signed(value: int, *, language: str) -> str:
    """Write a change: `+120` or `−120`."""
    return f"+{number(value, language=language)}" if value > 0 else number(value, language=language)


def money(minor: int, *, currency: str, language: str) -> str:
    """Minor units with both decimals: `1 234,50 ₽`, `$1,234.50`, `RUB 1,234.50`."""
    exponent = CURRENCIES[currency].exponent
    places = "." + "0" * exponent if exponent else ""
    figure = format_decimal(Decimal(abs(minor)).scaleb(-exponent), format=f"#,##0{places}", locale=language)
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
    """`15 марта`, `15 March`; with the year when it is not this one."""
    this_year = value.year == today.year
    ending = "" if this_year else " y 'г.'" if language == "ru" else " y"
    return format_date(value, format=f"d MMMM{ending}", locale=language).replace(" ", NBSP)


def days(first: date, last: date, *, today: date, language: str) -> str:
    """Write a range of days, both included: `9–15 марта`, `28 марта – 3 апреля`."""
    end = day(last, today=today, language=language)
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    return f"{day(first, today=today, language=language)} – {end}"


def moment(at: datetime, *, zone: tzinfo, now: datetime, language: str) -> str:
    """Write a day and a time on the shop's clock: `4 марта, 12:00`."""
    here = at.astimezone(zone)
    written = day(here.date(), today=now.astimezone(zone).date(), language=language)
    return f"{written}, {clock_time(at, zone=zone, language=language)}"


def clock_time(at: datetime, *, zone: tzinfo, language: str) -> str:
    return format_time(at.astimezone(zone), format="HH:mm", locale=language)


def last_day(expires_at: datetime, *, zone: tzinfo) -> date:
    """Return the last day on which points that expire at a local midnight still work (domain.md §2.3)."""
    return (expires_at.astimezone(zone) - timedelta(microseconds=1)).date()


def grouped(digits: str) -> str:
    """Write a card's number in groups of four, which do not break."""
    return NBSP.join(digits[start : start + 4] for start in range(0, len(digits), 4))


def _with_symbol(figure: str, *, minor: int, currency: str, language: str) -> str:
    sign = MINUS if minor < 0 else ""
    symbol = get_currency_symbol(currency, locale=language)
    if language == "ru":
        return f"{sign}{figure}{NBSP}{symbol}"
    gap = NBSP if symbol[-1].isalpha() else ""
    return f"{sign}{symbol}{gap}{figure}"
