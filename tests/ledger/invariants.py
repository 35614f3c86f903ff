"""What is true of every book after every step (security.md §3)."""

from itertools import pairwise

from portal.ledger.book import Book
from portal.ledger.entries import chained, facts_of
from portal.ledger.postings import ACCOUNTS, MEMBER


def check_book(book: Book) -> None:
    """Check a book that remembers all its entries from the first."""
    _check_entries(book)
    for wallet in book.pages.accounts:
        _check_accounts(book, wallet)
        _check_lots(book, wallet)
    _check_consumptions(book)


def _check_entries(book: Book) -> None:
    assert [entry.number for entry in book.entries] == list(range(1, book.count + 1))
    assert len({entry.source for entry in book.entries}) == book.count
    head = ""
    for entry in book.entries:
        head = chained(head, facts_of(entry, member=book.member))
        assert entry.hash == head
    assert book.head == head
    assert all(before.posted_at <= after.posted_at for before, after in pairwise(book.entries))


def _check_accounts(book: Book, wallet: str) -> None:
    account = book.account(wallet)
    entries = [entry for entry in book.entries if entry.wallet == wallet]
    sums = {name: sum(getattr(entry.postings, name) for entry in entries) for name in ACCOUNTS}
    assert sum(sums.values()) == 0
    assert {name: getattr(account, name) for name in MEMBER} == {name: sums[name] for name in MEMBER}
    assert account.available >= 0
    assert account.pending >= 0
    assert account.held >= 0
    assert account.debt <= 0
    assert not (account.available and account.debt), "debts are repaid before anything is available"
    assert account.held == sum(take.points for hold in book.active_holds(wallet) for take in hold.takes)
    assert -account.debt == sum(debt.left for debt in book.open_debts(wallet))
    assert sums["breakage"] == sum(lot.expired for lot in book.pages.lots.values() if lot.wallet == wallet)


def _check_lots(book: Book, wallet: str) -> None:
    lots = [lot for lot in book.pages.lots.values() if lot.wallet == wallet]
    account = book.account(wallet)
    assert sum(lot.left for lot in lots if lot.released) == account.available
    assert sum(lot.left for lot in lots if not lot.released) == account.pending
    moved = dict.fromkeys(book.pages.lots, 0)
    for entry in book.entries:
        for number, delta in entry.lots:
            moved[number] += delta
    held = dict.fromkeys(book.pages.lots, 0)
    for hold in book.active_holds(wallet):
        for take in hold.takes:
            held[take.lot] += take.points
    for lot in lots:
        assert lot.left == moved[lot.number]
        assert lot.held == held[lot.number]
        assert lot.expired >= 0
        assert lot.reversed <= lot.original
        assert 0 <= lot.left + held[lot.number] + lot.expired <= lot.original
        assert not (lot.left and lot.out_of_date(book.clock)), "what is out of date has run out"
        assert not (lot.left and not lot.released and lot.release_at <= book.clock), "what is due was released"


def _check_consumptions(book: Book) -> None:
    by_entry: dict[int, int] = {}
    for row in book.pages.consumptions.values():
        assert 0 <= row.restored <= row.points
        by_entry[row.number] = by_entry.get(row.number, 0) + row.points
    spent = {entry.number: entry.postings.redeemed for entry in book.entries if entry.postings.redeemed > 0}
    assert by_entry == spent
    restored = sum(row.restored for row in book.pages.consumptions.values())
    assert restored == -sum(entry.postings.redeemed for entry in book.entries if entry.kind == "restoration")
