"""Wrong codes that were typed: counted by whoever typed them, so that nobody can try them out (security.md §2)."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.db import Batch, Write, epoch
from portal.errors import Refused
from portal.perks.tables import CodeGuess

MOST_GUESSES = 20
"""In this hour and the one before together, for each till, key or member."""
_HOUR = timedelta(hours=1)

NOTE = Write(
    name="code_guess",
    columns=(("asker", "text"), ("hour", "bigint")),
    statement=(
        "insert into code_guess (asker, hour, guesses) select r.asker, r.hour, 1 from {rows} where true "
        "on conflict (asker, hour) do update set guesses = code_guess.guesses + 1"
    ),
)


class TooManyGuesses(Refused):
    code = "too-many-guesses"
    status = 429
    text = "Too many wrong codes were typed here. Try again in an hour."


def refuse_many_guesses(session: Session, *askers: str, now: datetime) -> None:
    """Raise `TooManyGuesses` once one of the askers has typed `MOST_GUESSES` wrong codes; right ones are not counted.

    Call it before the code is looked at, so that the answer says nothing of it.
    """
    lately = (
        select(func.sum(CodeGuess.guesses))
        .where(CodeGuess.asker.in_(askers), CodeGuess.hour >= now - 2 * _HOUR)
        .group_by(CodeGuess.asker)
    )
    if max(session.scalars(lately), default=0) >= MOST_GUESSES:
        raise TooManyGuesses


def note_guess(session: Session, *askers: str, now: datetime) -> None:
    """Count a wrong code for each asker; the refusal that follows must keep what was written."""
    batch = Batch()
    hour = epoch(now.replace(minute=0, second=0, microsecond=0))
    batch.add(NOTE, *({"asker": asker, "hour": hour} for asker in sorted(askers)))
    batch.flush(session)


def forget_guesses(session: Session, *, now: datetime) -> None:
    """Forget counts that nobody asks for any more."""
    session.execute(delete(CodeGuess).where(CodeGuess.hour < now - 24 * _HOUR))
