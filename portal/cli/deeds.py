"""A change made from the command line: one transaction with its entry in the audit; a refusal is said in one line."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import click
from sqlalchemy.orm import Session

from portal.cli import frame
from portal.db import run
from portal.errors import Refused
from portal.staff.audit_chain import Deed
from portal.staff.operations import audit

T = TypeVar("T")


def note(session: Session, *, action: str, kind: str, subject: str, now: datetime, **details: object) -> None:
    """Write into the audit that a command changed the `kind` of thing whose id is `subject`."""
    deed = Deed(
        actor_kind="command", actor_id=None, action=action, subject_kind=kind, subject_id=subject, details=details
    )
    audit(session, deed, now=now)


def change(
    work: Callable[[Session], T],
    *,
    action: str,
    kind: str,
    now: datetime,
    subject: str | None = None,
    subject_of: Callable[[T], str] = str,
) -> T:
    """Do `work` and note it: `subject` is the id of what was changed, else `subject_of` finds it in what was made."""

    def noted(session: Session) -> T:
        made = work(session)
        note(session, action=action, kind=kind, subject=subject or subject_of(made), now=now)
        return made

    try:
        return run(frame.migrated_engine(), noted, writes=True)
    except Refused as refusal:
        raise click.ClickException(refusal.text % refusal.facts) from None
