"""Wrong codes are counted, and from some number on nothing is looked at any more."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from portal.db import run
from portal.perks.operations import TooManyGuesses, forget_guesses, note_guess, refuse_many_guesses
from portal.perks.operations.guesses import MOST_GUESSES

NOW = datetime(2026, 3, 4, 9, 50, tzinfo=UTC)
HOUR = timedelta(hours=1)


def note(engine: Engine, *askers: str, now: datetime = NOW) -> None:
    run(engine, lambda session: note_guess(session, *askers, now=now), writes=True)


def ask(engine: Engine, *askers: str, now: datetime = NOW) -> None:
    run(engine, lambda session: refuse_many_guesses(session, *askers, now=now), writes=False)


def test_from_the_twentieth_on_nothing_is_looked_at(engine: Engine) -> None:
    for number in range(MOST_GUESSES):
        ask(engine, "till:T1", "member:ada")
        note(engine, "till:T1", "member:ben" if number % 2 else "member:ada", now=NOW + number * HOUR / 40)
    with pytest.raises(TooManyGuesses):
        ask(engine, "till:T1", "member:cleo", now=NOW + HOUR / 2)
    ask(engine, "member:ada", now=NOW + HOUR / 2)


def test_hours_later_they_are_forgotten(engine: Engine) -> None:
    for _ in range(MOST_GUESSES):
        note(engine, "till:T1")
    ask(engine, "till:T1", now=NOW + 3 * HOUR)
    run(engine, lambda session: forget_guesses(session, now=NOW + 30 * HOUR), writes=True)
    ask(engine, "till:T1")
