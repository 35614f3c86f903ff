"""Entries by themselves: balanced, numbered without gaps, chained, explained."""

from collections.abc import Iterator

from portal.ledger.checks.told import Told, Violation
from portal.ledger.entries import chained, facts_of
from portal.ledger.postings import ACCOUNTS
from portal.ledger.rows import entry_of


def postings_balance(told: Told) -> Iterator[Violation]:
    """Check that the eight postings of an entry sum to zero (I1)."""
    for entry in told.entries:
        if off := sum(entry[account] for account in ACCOUNTS):
            yield told.violation("balanced", f"postings are off by {off}", number=entry["number"])


def numbers_are_dense(told: Told) -> Iterator[Violation]:
    """Check that entries are numbered from one without gaps, and the book knows the last (I5)."""
    for place, entry in enumerate(told.entries, 1):
        if entry["number"] != place:
            yield told.violation("numbered", f"entry {place} is missing", number=entry["number"])
            return
    if told.book["entries"] != len(told.entries):
        yield told.violation("numbered", f"{len(told.entries)} entries, the book says {told.book['entries']}")


def hashes_are_chained(told: Told) -> Iterator[Violation]:
    """Check that each entry's hash is that of its facts after the hash before it; the book knows the last (I5)."""
    if any(postings_balance(told)):
        return  # told already, and no entry can be made of it
    head = ""
    for entry in told.entries:
        if chained(head, facts_of(entry_of(entry), member=told.member)) != entry["hash"]:
            yield told.violation("chained", "the hash does not fit what is told", number=entry["number"])
            return
        head = entry["hash"]
    if told.book["head"] != head:
        yield told.violation("chained", "the book's head is not the last entry's hash")


def accruals_are_explained(told: Told) -> Iterator[Violation]:
    """Check that points given by a rule name the version of the rulebook (§2.9)."""
    for entry in told.entries:
        if entry["kind"] == "accrual" and entry["rule"] and not entry["rulebook"]:
            yield told.violation("explained", "a rule without its rulebook", number=entry["number"])


CHAIN_CHECKS = (postings_balance, numbers_are_dense, hashes_are_chained, accruals_are_explained)
