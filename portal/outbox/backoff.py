"""When a failed job is tried again."""

import random
from datetime import timedelta

FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(hours=6)
MOST_ATTEMPTS = 12


def delay(attempts: int) -> timedelta:
    """Return how long to wait after the given number of failed attempts, at least one.

    Doubles from five seconds up to six hours, times a random 0.75 to 1.25, so that jobs which failed together do not
    come back together. Twelve attempts take about six hours in all.
    """
    doubled = FIRST_DELAY * 2 ** min(attempts - 1, 20)
    return min(doubled, LONGEST_DELAY) * random.uniform(0.75, 1.25)  # noqa: S311 - spreads load, guards nothing


def exhausted(attempts: int) -> bool:
    """Tell whether a job that failed so often is dead: kept for the staff to look at, never tried again by itself."""
    return attempts >= MOST_ATTEMPTS
