"""The limits of typed codes and the lengths of sessions (security.md §4). Defaults; a shop may set others.

An address is often a shop's own Wi-Fi and a block a whole mobile network, so theirs are wider than a contact's.
"""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Rate:
    """How many codes may be asked in any ten minutes and in any 24 hours."""

    in_ten_minutes: int
    in_a_day: int


@dataclass(frozen=True, slots=True)
class CodeTerms:
    """How codes are given out and typed.

    `prefixes` are the beginnings of phones that get codes; an empty tuple serves every country. After `silent_codes`
    codes of a day to one prefix (country and three digits) that nobody typed back, the prefix is paused.
    """

    lifetime: timedelta = timedelta(minutes=10)
    tries: int = 5
    failures_an_hour: int = 10
    contact: Rate = Rate(in_ten_minutes=3, in_a_day=10)
    address: Rate = Rate(in_ten_minutes=10, in_a_day=100)
    block: Rate = Rate(in_ten_minutes=30, in_a_day=300)
    daily_budget: int = 2000
    budget_alarm: int = 1500
    prefixes: tuple[str, ...] = ("+7",)
    silent_codes: int = 20


@dataclass(frozen=True, slots=True)
class SessionTerms:
    """How long a sign-in is good for.

    The card and the balance are seen until `idle` passes without a visit or `lasts` has passed in all. Private pages
    ask for a new code after `open` without a visit, and what is dangerous once `fresh` has passed since the last code.
    Opening one session more than `at_most` ends the one not seen for longest.
    """

    fresh: timedelta = timedelta(minutes=15)
    open: timedelta = timedelta(hours=12)
    idle: timedelta = timedelta(days=90)
    lasts: timedelta = timedelta(days=365)
    seen_every: timedelta = timedelta(minutes=5)
    at_most: int = 20


CODE_TERMS = CodeTerms()
SESSION_TERMS = SessionTerms()
REDEMPTION_PAUSE = timedelta(hours=24)
"""No points are spent for this long after a contact changed, so that a stolen phone number is of no use."""
