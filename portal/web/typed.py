"""What people type into a field for money."""

import re
from decimal import Decimal, InvalidOperation

from portal.money import CURRENCIES

MOST = 10**11  # minor units: a thousand million in money
_SPACES = re.compile(r"\s+")


def read_money(text: str, *, currency: str) -> int | None:
    """Return the minor units of `1 999,50`, `1999.5` or `1,999.50`; nothing when it is no sum above zero.

    A comma or a point with exactly three figures after it, and nothing else, separates thousands.
    """
    figures = _SPACES.sub("", text)
    whole, mark, decimals = _parted(figures)
    exponent = CURRENCIES[currency].exponent
    if not whole.isdecimal() or not (decimals.isdecimal() or not mark) or len(decimals) > exponent:
        return None
    try:
        minor = int(Decimal(f"{whole}.{decimals or 0}").scaleb(exponent))
    except InvalidOperation:
        return None
    return minor if 0 < minor <= MOST else None


def _parted(figures: str) -> tuple[str, str, str]:
    """Split at the last comma or point, unless it separates thousands; those that do are taken out."""
    at = max(figures.rfind(","), figures.rfind("."))
    if at < 0:
        return figures, "", ""
    before, mark, after = figures[:at], figures[at], figures[at + 1 :]
    if len(after) == 3 and (before.count(mark) or figures.count(",") + figures.count(".") == 1):
        return re.sub(r"[.,]", "", figures), "", ""
    return re.sub(r"[.,]", "", before), mark, after
