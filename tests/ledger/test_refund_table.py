"""Refund × hold × expiry × already spent: the table of docs/decisions/0011, cell by cell (security.md §1.4)."""

import pytest

from portal.config import ROOT
from portal.ledger.book import Book
from tests.ledger.invariants import check_book
from tests.ledger.stories import Command, at, grant, hold, redeem, refund, told, void

PAGE = ROOT / "docs/decisions/0011-how-the-ledger-is-read.md"
POLICIES = ("lot_only", "within_balance", "debt")
OTHERS = grant(30, source="other", days=90, day=3)
HELD = [grant(100), hold(100, day=1, ends=9), OTHERS]

STORIES: dict[str, tuple[list[Command], list[Command]]] = {
    "pending": ([grant(100, pending=14), OTHERS], []),
    "available": ([grant(100), OTHERS], []),
    "held at a till": (HELD, []),
    "held, voided afterwards": (HELD, [void(day=5)]),
    "spent": ([grant(100), redeem(100, day=1), OTHERS], []),
    "run out": ([grant(100, days=2), OTHERS], []),
    "60 spent, 40 run out": ([grant(100, days=2), redeem(60, day=1), OTHERS], []),
}
ROWS = [
    tuple(cell.strip() for cell in line.strip("|\n").split("|"))
    for line in PAGE.read_text("utf-8").splitlines()
    if line.startswith("| ")
][1:]


def test_the_table_tells_every_story() -> None:
    assert [row[0] for row in ROWS] == list(STORIES)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_cell_comes_true(row: tuple[str, ...], policy: str) -> None:
    before, after = STORIES[row[0]]
    book = told(*before, refund(day=4, shortage=policy, reverse={"g": 100}), *after)
    assert f"{_taken(book)}; {book.balance(at(5)).available} left" == row[1 + POLICIES.index(policy)]
    check_book(book)


def _taken(book: Book) -> str:
    reversal = next(entry for entry in book.entries if entry.kind == "reversal")
    own = -dict(reversal.lots).get(1, 0)
    parts = {
        "pending": -reversal.postings.pending,
        "own": own + reversal.postings.pending,
        "breakage": -reversal.postings.breakage,
        "others": -sum(points for _, points in reversal.lots) - own,
        "forgiven": reversal.details.get("forgiven", 0),
        "debt": -reversal.postings.debt,
    }
    return ", ".join(f"{points} {name}" for name, points in parts.items() if points)
