"""Wrong codes that were named: counted by whoever named them, so that nobody can try them out (security.md §2).

The same one again is no other guess: a shop's basket is judged anew at every change, with the code that stands in it.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.db import Batch, epoch, insert_into
from portal.errors import Refused
from portal.perks.queries.guesses import guesses_of, too_many
from portal.perks.tables import GuessedCode

_DAY = timedelta(days=1)

NOTE = insert_into(GuessedCode.__table__, conflict="on conflict (asker, hour, code) do nothing")


class TooManyGuesses(Refused):
    code = "too-many-guesses"
    status = 429
    text = "Too many wrong codes were typed here. Try again in an hour."
    seconds = 3600


def refuse_many_guesses(session: Session, *askers: str, now: datetime) -> None:
    """Raise `TooManyGuesses` once one of the askers has named too many wrong codes; right ones are not counted.

    Call it before the code is looked at, so that the answer says nothing of it.
    """
    if too_many(guesses_of(session, askers, now=now)):
        raise TooManyGuesses


def note_guess(session: Session, *askers: str, code: str, now: datetime) -> None:
    """Count a wrong code for each asker; the refusal that follows must keep what was written."""
    batch = Batch()
    note_guesses(batch, askers, codes=[code], now=now)
    batch.flush(session)


def note_guesses(batch: Batch, askers: Iterable[str], *, codes: Iterable[str], now: datetime) -> None:
    """Count wrong codes for each asker."""
    hour = epoch(now.replace(minute=0, second=0, microsecond=0))
    marks = sorted({hashlib.blake2b(code.encode(), digest_size=8).hexdigest() for code in codes})
    batch.add(NOTE, *({"asker": asker, "hour": hour, "code": mark} for asker in sorted(askers) for mark in marks))


def forget_guesses(session: Session, *, now: datetime) -> None:
    """Forget what nobody asks for any more."""
    session.execute(delete(GuessedCode).where(GuessedCode.hour < now - _DAY))
