"""Reads of the ledger, right even when no job ran: what is due counts as posted."""

from portal.ledger.queries.past import balance_at
from portal.ledger.queries.state import book_column, hold_owner, load, read_book
from portal.ledger.queries.statement import Page, find_entry, find_source, newest_column, newest_entries, read_newest
from portal.ledger.queries.totals import Totals, totals

__all__ = [
    "Page",
    "Totals",
    "balance_at",
    "book_column",
    "find_entry",
    "find_source",
    "hold_owner",
    "load",
    "newest_column",
    "newest_entries",
    "read_book",
    "read_newest",
    "totals",
]
