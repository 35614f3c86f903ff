"""A member's entries, newest first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.ledger.book import Book
from portal.ledger.entries import Entry
from portal.ledger.queries import columns
from portal.ledger.queries.state import load
from portal.ledger.rows import entry_of
from portal.ledger.tables import EntryRow


@dataclass(frozen=True, slots=True)
class Page:
    """Entries, newest first; `next` is the cursor of the page after, or None on the last.

    The first `due` of them are due and not posted yet: when they will be, and so their hash, nobody knows.
    """

    entries: tuple[Entry, ...]
    next: int | None
    due: int


def newest_entries(session: Session, member: str, *, now: datetime, before: int | None = None, limit: int = 50) -> Page:
    """Return entries with numbers below `before`. What is due and not posted yet stands on the first page too."""
    due = _due(load(session, member, now=now), before)[:limit]
    stored = select(columns.ENTRY).where(EntryRow.member_id == member).order_by(EntryRow.number.desc())
    if before is not None:
        stored = stored.where(EntryRow.number < before)
    rows = session.scalars(stored.limit(limit + 1 - len(due)))
    entries = (*due, *map(entry_of, rows))
    return Page(entries[:limit], entries[limit - 1].number if len(entries) > limit else None, len(due))


def find_entry(session: Session, member: str, number: int, *, now: datetime) -> Entry | None:
    """Return one entry by its number in the member's book; also one that is due and not posted yet."""
    row = session.scalar(select(columns.ENTRY).where(EntryRow.member_id == member, EntryRow.number == number))
    if row is not None:
        return entry_of(row)
    return next((entry for entry in load(session, member, now=now).entries if entry.number == number), None)


def find_source(session: Session, source: str) -> Entry | None:
    """Return the entry told under a source, in whosever book it stands."""
    row = session.scalar(select(columns.ENTRY).where(EntryRow.source == source))
    return None if row is None else entry_of(row)


def _due(book: Book, before: int | None) -> list[Entry]:
    return [entry for entry in reversed(book.entries) if before is None or entry.number < before]
