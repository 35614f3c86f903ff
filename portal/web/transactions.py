"""One request is one transaction: how a view gets its session, and how it says what it needs.

A view of a safe method reads, every other writes; the decorators say otherwise. Returning commits, raising rolls back.
The whole view, the hooks before it included, is run again when somebody else was faster: it has no effect outside the
database but its answer.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import Flask, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.db import Afterwards, run, run_settling
from portal.web.here import asked, noted

P = ParamSpec("P")
R = TypeVar("R")
View = Callable[P, R]

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_MANNER = "_manner_of_transaction"


def writes(view: View[P, R]) -> View[P, R]:
    """Mark a view that writes although its method is safe."""
    setattr(view, _MANNER, "writes")
    return view


def settles(view: View[P, R]) -> View[P, R]:
    """Mark a view that writes by one batch, its last act (`portal.db.run_settling`)."""
    setattr(view, _MANNER, "settles")
    return view


def only_notes(view: View[P, R]) -> View[P, R]:
    """Mark a view that settles what a power cut may undo without harm (docs/decisions/0024)."""
    setattr(view, _MANNER, "notes")
    return view


def only_reads(view: View[P, R]) -> View[P, R]:
    """Mark a view that writes nothing although it is posted to."""
    setattr(view, _MANNER, "reads")
    return view


def opens_its_own(view: View[P, R]) -> View[P, R]:
    """Mark a view that needs no transaction, or several: it calls `portal.db.run` on `engine()` by itself."""
    setattr(view, _MANNER, "own")
    return view


def engine() -> Engine:
    """Return the engine of the running application."""
    return current_app.extensions["engine"]


def session() -> Session:
    """Return the session of this request's transaction."""
    return noted().session


def afterwards() -> Afterwards | None:
    """Return who takes notes to be written after the answer; None where everything is written at once."""
    return current_app.extensions.get("afterwards")


def write_beside(work: Callable[[Session], None]) -> None:
    """Write a little, whatever the request does: in its transaction when that writes, else in one for this alone."""
    here = noted()
    if here.get("writes"):
        work(here.session)
    else:
        run(engine(), work, writes=True)


def in_transaction(view: Callable[[], ResponseReturnValue], *, app: Flask) -> ResponseReturnValue:
    """Run a dispatched request in the transaction that its view asks for."""
    manner = _manner(app)
    if manner == "own":
        return view()

    here = noted()
    known = set(here)
    writing = manner != "reads"

    def work(session: Session) -> ResponseReturnValue:
        for name in set(here) - known:
            here.pop(name)  # an earlier, rolled back try must not be remembered
        here.session, here.writes = session, writing
        return view()

    if manner in {"settles", "notes"}:
        return run_settling(app.extensions["engine"], work, forgettable=manner == "notes")
    return run(app.extensions["engine"], work, writes=writing)


def _manner(app: Flask) -> str:
    request = asked()
    view = app.view_functions.get(request.endpoint or "")
    return getattr(view, _MANNER, "reads" if request.method in SAFE or view is None else "writes")
