"""Prove the whole ledger: every invariant of security.md §3 for every member, from the first entry on."""

from collections.abc import Callable, Collection, Iterator

from sqlalchemy.orm import Session

from portal.ledger.checks.balances import BALANCE_CHECKS
from portal.ledger.checks.chain import CHAIN_CHECKS
from portal.ledger.checks.lots import LOT_CHECKS
from portal.ledger.checks.told import Told, Violation, members_without_book, whole_ledger

KnownReceipts = Callable[[Collection[str]], Collection[str]]

__all__ = ["KnownReceipts", "Violation", "check_ledger"]


def check_ledger(session: Session, *, known_receipts: KnownReceipts | None = None) -> Iterator[Violation]:
    """Give everything that is wrong, member by member; nothing when the ledger is right.

    Every member is read by one statement, so the shop may go on selling meanwhile. `known_receipts` tells which of some
    receipts' ids exist; without it entries are not traced to receipts.
    """
    for member in members_without_book(session):
        yield Violation("book", member, None, "rows without a book")
    for told in whole_ledger(session):
        for check in (*CHAIN_CHECKS, *LOT_CHECKS, *BALANCE_CHECKS):
            yield from check(told)
        if known_receipts:
            yield from _traced(told, known_receipts)


def _traced(told: Told, known_receipts: KnownReceipts) -> Iterator[Violation]:
    named = {entry["receipt_id"]: entry["number"] for entry in told.entries if entry["receipt_id"]}
    for missing in set(named).difference(known_receipts(set(named))):
        yield told.violation("traced", f"receipt {missing} does not exist", number=named[missing])
