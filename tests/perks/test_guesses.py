"""Wrong codes are counted, and from some number on nothing is looked at any more."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from portal.db import run
from portal.perks.operations import TooManyGuesses, forget_guesses, note_guess, refuse_many_guesses
from portal.perks.queries.guesses import MOST_GUESSES, too_many

NOW = datetime(2026, 3, 4, 9, 50, tzinfo=UTC)
HOUR = timedelta(hours=1)


def note(engine: Engine, *askers: str, code: object = "", now: datetime = NOW) -> None:
    run(engine, lambda session: note_guess(session, *askers, code=str(code), now=now), writes=True)


def ask(engine: Engine, *askers: str, now: datetime = NOW) -> None:
    run(engine, lambda session: refuse_many_guesses(session, *askers, now=now), writes=False)


def test_from_the_twentieth_on_nothing_is_looked_at(engine: Engine) -> None:
    for number in range(MOST_GUESSES):
        ask(engine, "till:T1", "member:ada")
        asker = "member:ben" if number % 2 else "member:ada"
        note(engine, "till:T1", asker, code=number, now=NOW + number * HOUR / 40)
    with pytest.raises(TooManyGuesses):
        ask(engine, "till:T1", "member:cleo", now=NOW + HOUR / 2)
    ask(engine, "member:ada", now=NOW + HOUR / 2)


def test_hours_later_they_are_forgotten(engine: Engine) -> None:
    for number in range(MOST_GUESSES):
        note(engine, "till:T1", code=number)
    with pytest.raises(TooManyGuesses):
        ask(engine, "till:T1", now=NOW + HOUR)
    ask(engine, "till:T1", now=NOW + 3 * HOUR)
    run(engine, lambda session: forget_guesses(session, now=NOW + 30 * HOUR), writes=True)
    ask(engine, "till:T1")


def test_the_same_wrong_code_again_is_no_other_guess(engine: Engine) -> None:
    for number in range(2 * MOST_GUESSES):
        note(engine, "member:ada", code=number % 2, now=NOW + number * HOUR / 60)
    ask(engine, "member:ada", now=NOW + HOUR)


def test_a_key_speaks_for_many() -> None:
    assert not too_many({"key:shop": MOST_GUESSES, "member:ada": MOST_GUESSES - 1})
    assert too_many({"key:shop": 10 * MOST_GUESSES})
    assert too_many({"key:shop": 1, "member:ada": MOST_GUESSES})
