"""Time zones as people pick them: by a city, with the hours from Greenwich, west to east."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location

from portal.web.formats import MINUS

CITIES = (
    "America/Los_Angeles", "America/Denver", "America/Chicago", "America/New_York", "America/Sao_Paulo",
    "Europe/London", "Europe/Berlin", "Europe/Madrid", "Europe/Paris", "Europe/Rome", "Europe/Warsaw", "Europe/Athens",
    "Europe/Helsinki", "Asia/Jerusalem", "Europe/Kaliningrad", "Europe/Istanbul", "Europe/Minsk", "Europe/Moscow",
    "Asia/Dubai", "Asia/Baku", "Asia/Tbilisi", "Asia/Yerevan", "Europe/Samara", "Asia/Almaty", "Asia/Tashkent",
    "Asia/Yekaterinburg", "Asia/Bishkek", "Asia/Omsk", "Asia/Bangkok", "Asia/Krasnoyarsk", "Asia/Irkutsk",
    "Asia/Shanghai", "Asia/Tokyo", "Asia/Yakutsk", "Asia/Vladivostok", "Australia/Sydney", "Asia/Magadan",
    "Asia/Kamchatka",
)  # fmt: skip


def zone_choices(*, besides: Iterable[str], now: datetime, language: str) -> list[tuple[str, str]]:
    """Return names of zones with what to call them; `besides` are offered too, though they are in no list of ours."""
    names = dict.fromkeys([*CITIES, *besides])
    return [
        (name, zone_words(name, now=now, language=language))
        for name in sorted(names, key=lambda each: _hours(each, now))
    ]


def zone_words(name: str, *, now: datetime, language: str) -> str:
    """`Москва, UTC+3`; the sign is a real minus."""
    hours = _hours(name, now)
    whole, minutes = divmod(round(abs(hours) * 60), 60)
    offset = f"{MINUS if hours < 0 else '+'}{whole}{f':{minutes:02}' if minutes else ''}"
    return f"{_city(name, language)}, UTC{offset}"


def _hours(name: str, now: datetime) -> float:
    offset = now.astimezone(ZoneInfo(name)).utcoffset()
    return offset.total_seconds() / 3600 if offset else 0.0


@cache
def _city(name: str, language: str) -> str:
    return get_timezone_location(name, locale=language, return_city=True)
