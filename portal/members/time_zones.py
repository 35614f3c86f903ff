"""Time zones members may live in."""

from functools import cache
from zoneinfo import available_timezones

from portal.errors import Refused


class WrongTimeZone(Refused):
    code = "wrong-time-zone"
    text = "This is not a time zone. It looks like Europe/Moscow."


def read_time_zone(name: str | None) -> str | None:
    """Return a name of the IANA database as it came, None for the shop's own zone. Raises `WrongTimeZone`."""
    if name is not None and name not in _names():
        raise WrongTimeZone
    return name


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())
