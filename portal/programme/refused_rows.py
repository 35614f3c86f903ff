"""Rows of a till's queue that were refused: told again they are refused alike, until a person sends them once more."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.programme.command import Command
from portal.receipts.operations import remember
from portal.receipts.queries.told import find_remembered
from portal.staff.operations import note_refused
from portal.staff.roles import Shift


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """A row by its hash, why it was refused, as a code and in words, and the status of such an answer."""

    hash: str
    code: str
    reason: str
    status: int


def refused_before(session: Session, *, command: Command) -> str | None:
    """Return why this try of a row was refused already, when the answer was lost on the way."""
    known = find_remembered(session, client=command.client, key=command.key)
    return None if known is None else str(known.answer["text"])


def keep_refusal(session: Session, row: RefusedRow, *, shift: Shift, command: Command) -> None:
    """Note once that this try of a row was refused."""
    if find_remembered(session, client=command.client, key=command.key):
        return
    note_refused(session, shift, row=row.hash, code=row.code, now=command.now)
    batch = Batch()
    remember(
        batch,
        client=command.client,
        key=command.key,
        operation="queue",
        digest=row.hash,
        status=row.status,
        answer={"text": row.reason},
        now=command.now,
    )
    batch.flush(session)
