"""Reads of wrong codes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal.db import json_array, json_tuple
from portal.perks.tables import GuessedCode

WINDOW = timedelta(hours=2)
"""Hours are counted whole: this one and the one before."""
MOST_GUESSES = 20
MOST_OF_A_KEY = 200
"""A web shop's key speaks for all who buy there: a few of them must not pause coupons for everybody."""


def too_many(guesses: Mapping[str, int]) -> bool:
    """Tell whether one of the askers has named as many wrong codes as may be."""
    return any(
        count >= (MOST_OF_A_KEY if asker.startswith("key:") else MOST_GUESSES) for asker, count in guesses.items()
    )


def guesses_of(session: Session, askers: Iterable[str], *, now: datetime) -> dict[str, int]:
    """Return how many different wrong codes askers named lately."""
    since = now - WINDOW
    counted = select(GuessedCode.asker, func.count(GuessedCode.code.distinct())).group_by(GuessedCode.asker)
    rows = session.execute(counted.where(GuessedCode.asker.in_(list(askers)), GuessedCode.hour >= since))
    return {row[0]: row[1] for row in rows}


def guesses_column(askers: Sequence[ColumnElement[Any]], *, since: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a scalar subquery with the wrong codes of askers since an hour, for `read_guesses`."""
    row = json_tuple(GuessedCode.asker, GuessedCode.code)
    return select(json_array(row)).where(GuessedCode.asker.in_(askers), GuessedCode.hour >= since).scalar_subquery()


def read_guesses(rows: Iterable[Sequence[str]] | None) -> dict[str, int]:
    """Read what `guesses_column` gave as `guesses_of` would."""
    codes: dict[str, set[str]] = {}
    for asker, code in rows or ():
        codes.setdefault(asker, set()).add(code)
    return {asker: len(named) for asker, named in codes.items()}
