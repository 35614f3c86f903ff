"""Reads of the ledger, right even when no job ran: what is due counts as posted."""

from portal.ledger.queries.glance import briefs_column, glance_column, read_briefs, read_glance
from portal.ledger.queries.past import balance_at
from portal.ledger.queries.state import (
    Reach,
    book_column,
    books_column,
    find_hold,
    hold_owner,
    load,
    read_book,
    read_books,
)
from portal.ledger.queries.statement import Page, find_entry, find_source, newest_entries
from portal.ledger.queries.totals import Totals, totals

__all__ = [
    "Page",
    "Reach",
    "Totals",
    "balance_at",
    "book_column",
    "books_column",
    "briefs_column",
    "find_entry",
    "find_hold",
    "find_source",
    "glance_column",
    "hold_owner",
    "load",
    "newest_entries",
    "read_book",
    "read_books",
    "read_briefs",
    "read_glance",
    "totals",
]
