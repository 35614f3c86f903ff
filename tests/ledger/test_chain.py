"""The chain over a known story stays what it was: shops prove years of entries by it (domain.md §2.9)."""

import hashlib

from portal.ledger.book import Book
from portal.ledger.entries import canonical, facts_of
from tests.ledger.stories import capture, grant, hold, redeem, refund, told


def story() -> Book:
    return told(
        grant(100, pending=1), grant(50, source="now"), redeem(30), hold(15), capture(10),
        refund(day=2, restore={"r": 30}, reverse={"g": 100}),
    )  # fmt: skip


def test_the_hash_covers_everything_that_is_not_empty() -> None:
    first, held = (canonical(facts_of(entry, member="ada")) for entry in (story().entries[0], story().entries[3]))
    assert first == (
        '{"at":1772366400000000,"cause":"purchase","kind":"accrual","lots":[[1,100]],"member":"ada","number":1,'
        '"posted_at":1772366400000000,"postings":{"issued":-100,"pending":100},"receipt":"01jx0000000000000000000001",'
        '"rule":"base5","rulebook":"shop@1#9f3c","source":"g","wallet":"points"}'
    )
    assert held == (
        '{"at":1772366400000000,"cause":"hold","details":{"hold":"h"},"kind":"hold","lots":[[2,-15]],"member":"ada",'
        '"number":4,"posted_at":1772366400000000,"postings":{"available":-15,"held":15},"source":"hold/h",'
        '"wallet":"points"}'
    )


def test_each_hash_covers_the_one_before() -> None:
    before = ""
    for entry in story().entries:
        before = hashlib.sha256((before + canonical(facts_of(entry, member="ada"))).encode()).hexdigest()
        assert entry.hash == before
    assert before == "d777ee757b8fe25abe6bc50a11c81e6b1c1b616516c2f79c4e56d6739f1020be"
