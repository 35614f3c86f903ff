"""What people type into a field for money, or for a number of points."""

import re

from portal.money import CURRENCIES

MOST = 10**11  # minor units: a thousand million in money
_SPACES = re.compile(r"\s+")
_WHOLE = re.compile(r"[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?:\.[0-9]{3})+")
_LONGEST = 20  # figures with their separators
_WITH_DECIMALS = re.compile(r"(?P<whole>.*)[.,](?P<decimals>[0-9]+)")


def read_money(text: str, *, currency: str) -> int | None:
    """Return the minor units of `1 999,50`, `1999.5` or `1,999.50`; nothing when it is no sum above zero.

    A comma or a point with exactly three figures after it separates thousands.
    """
    figures = _SPACES.sub("", text)
    if _WHOLE.fullmatch(figures):
        return _minor(figures, "0", currency=currency)
    parts = _WITH_DECIMALS.fullmatch(figures)
    if parts is None or not _WHOLE.fullmatch(parts["whole"]):
        return None
    return _minor(parts["whole"], parts["decimals"], currency=currency)


def read_whole(text: str) -> int | None:
    """Return the number that `1500`, `1 500` or `1,500` is; nothing when it is no whole number."""
    figures = _SPACES.sub("", text)
    if len(figures) > _LONGEST or not _WHOLE.fullmatch(figures):
        return None
    return int(_plain(figures))


def typed_money(minor: int, *, currency: str) -> str:
    """Write minor units as one would type them: `1999.50`."""
    exponent = CURRENCIES[currency].exponent
    whole, rest = divmod(minor, 10**exponent)
    return f"{whole}.{rest:0{exponent}}" if rest else str(whole)


def _minor(whole: str, decimals: str, *, currency: str) -> int | None:
    exponent = CURRENCIES[currency].exponent
    if len(decimals) > exponent or len(whole) > _LONGEST:
        return None
    minor = int(_plain(whole) + decimals.ljust(exponent, "0"))
    return minor if 0 < minor <= MOST else None


def _plain(figures: str) -> str:
    return re.sub(r"[.,]", "", figures)
