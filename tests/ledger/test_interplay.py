"""Holds, refunds, debts and dates meeting each other: stories worked out by hand from domain.md §2 alone."""

import pytest

from portal.ledger.book import Book
from portal.ledger.spending import HoldEnded
from tests.ledger.invariants import check_book
from tests.ledger.stories import Command, at, capture, grant, hold, redeem, refund, told, void
from tests.ledger.test_refunds import sums


def to(day: float) -> Command:
    return lambda book: book.advance(at(day))


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        (  # the purchase is brought back while its points are held: a debt, gone when the hold is
            [grant(100), hold(100), refund(day=0.1, reverse={"g": 100})],
            {"held": 100, "debt": -100},
        ),
        ([grant(100), hold(100), refund(day=0.1, reverse={"g": 100}), void(day=0.2)], {}),
        (  # the debt of one purchase is repaid by points that the other one gives back
            [grant(100), redeem(100), refund(day=1, reverse={"g": 100}), refund(day=2, source="x", restore={"r": 100})],
            {},
        ),
        (  # restored first as a grace lot, then taken back: its own, what ran out, the grace lot
            [grant(100, days=14), redeem(60, day=1), refund(day=20, restore={"r": 60}, reverse={"g": 100})],
            {},
        ),
        (  # of 50 taken back 40 had run out, so 10 are owed
            [grant(100, days=14), redeem(60, day=1), refund(day=20, reverse={"g": 50})],
            {"debt": -10, "issued": -50, "redeemed": 60},
        ),
        (  # held over its last day: 60 captured, the other 40 run out at once
            [grant(100, days=1), hold(100, day=0.9, ends=1.2), capture(60, day=1.1)],
            {"redeemed": 60, "breakage": 40, "issued": -100},
        ),
        (  # brought back on the last day, points keep their date
            [grant(100, days=14), redeem(100, day=9), refund(day=13.9, restore={"r": 100}), to(14)],
            {"breakage": 100, "issued": -100},
        ),
        (  # a grace lot runs out like any other, beside what ran out before
            [grant(100, days=14), redeem(80, day=9), refund(day=20, restore={"r": 80}), to(34)],
            {"breakage": 100, "issued": -100},
        ),
    ],
)  # fmt: skip
def test_a_story_comes_out_as_worked_out(story: list[Command], expected: dict[str, int]) -> None:
    book = told(*story)
    assert sums(book) == expected
    check_book(book)


def test_each_hold_times_out_by_itself() -> None:
    book = told(
        grant(200), hold(150, ends=0.1), hold(50, name="h2", ends=0.3), to(0.1), capture(50, name="h2", day=0.2)
    )
    assert sums(book) == {"available": 150, "redeemed": 50, "issued": -200}
    check_book(book)


def test_at_its_very_end_a_hold_is_over() -> None:
    book: Book = told(grant(100), hold(60, ends=0.1))
    with pytest.raises(HoldEnded):
        capture(60, day=0.1)(book)
    assert sums(book) == {"available": 100, "issued": -100}
