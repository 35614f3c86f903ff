"""The only place that asks what time it is.

Doors call `now()` once and pass the answer down; everything below them takes `now` as an argument.
"""

import time
from datetime import UTC, datetime


def now() -> datetime:
    """Return this instant, aware and in UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Return seconds of a clock that never goes back, to measure how long something took."""
    return time.monotonic()
