"""Spending and holding (domain.md §2.2, §2.5)."""

import pytest

from portal.ledger.accruals import Grounds, NoPoints, NotEnoughPoints
from portal.ledger.book import Book
from portal.ledger.sheet import AlreadyPosted, PostedDifferently
from portal.ledger.spending import HoldEnded, UnknownHold
from tests.ledger.invariants import check_book
from tests.ledger.stories import Command, at, capture, grant, hold, redeem, refund, told, void

GOODWILL = Grounds(reason="goodwill", operator="mira")


def take_back(points: int, *, day: float = 0) -> Command:
    return lambda book: book.adjust(-points, at=at(day), source="taken", grounds=GOODWILL)


def left(book: Book) -> list[int]:
    return [lot.left for lot in book.pages.lots.values()]


def test_the_soonest_expiring_lot_is_spent_first() -> None:
    book = told(grant(100, source="a", days=180), grant(300, source="b", days=14), redeem(350, day=1))
    assert left(book) == [50, 0]


def test_of_lots_that_expire_together_the_one_released_first_is_spent_first() -> None:
    book = told(grant(10, source="late", days=9, pending=1), grant(10, source="early", days=10), redeem(5, day=2))
    assert left(book) == [10, 5]


def test_lots_without_an_end_are_spent_last() -> None:
    book = told(
        lambda book: book.adjust(100, at=at(0), source="gift", grounds=GOODWILL), grant(10, days=900), redeem(30, day=1)
    )
    assert left(book) == [80, 0]


def test_pending_points_cannot_be_spent() -> None:
    book = told(grant(100, pending=14))
    with pytest.raises(NotEnoughPoints) as refused:
        redeem(1, day=13.9)(book)
    assert refused.value.facts == {"available": 0, "asked": 1}
    redeem(100, day=14)(book)


@pytest.mark.parametrize("points", [0, -5])
def test_fewer_than_one_point_cannot_be_spent(points: int) -> None:
    with pytest.raises(NoPoints):
        told(grant(10), redeem(points))


def test_a_lot_that_expires_now_is_gone_and_one_released_now_is_there() -> None:
    book = told(grant(5, source="old", days=10), grant(7, source="new", pending=10))
    assert book.balance(at(9.99)).available == 5
    assert book.balance(at(10)).available == 7


def test_what_a_capture_leaves_of_a_hold_comes_back() -> None:
    book = told(grant(200), hold(150, day=1, ends=2), capture(120, day=1.5))
    assert (book.account("points").available, book.account("points").held) == (80, 0)
    check_book(book)


def test_a_capture_takes_in_the_order_of_the_hold() -> None:
    book = told(
        grant(50, source="a", days=5), grant(50, source="b", days=9), hold(80, day=1, ends=2), capture(60, day=1)
    )
    assert left(book) == [0, 40]


def test_more_than_held_cannot_be_captured() -> None:
    with pytest.raises(NotEnoughPoints):
        told(grant(200), hold(50, ends=1), capture(51))


def test_a_lot_that_expires_while_held_is_good_for_the_capture() -> None:
    book = told(grant(100, days=2), hold(100, day=1, ends=3), capture(70, day=2.5))
    totals = [sum(getattr(e.postings, name) for e in book.entries) for name in ("redeemed", "breakage")]
    assert totals == [70, 30]
    check_book(book)


@pytest.mark.parametrize("ending", [void(day=2.5), lambda book: book.advance(at(4))], ids=["voided", "timed out"])
def test_points_that_come_back_after_their_last_day_run_out_at_once(ending) -> None:
    book = told(grant(60, source="old", days=2), grant(40, source="new"), hold(80, day=1, ends=3), ending)
    assert left(book) == [0, 40]
    assert book.entries[-1].kind == "expiry"
    assert book.entries[-1].details == {"by": "return"}
    check_book(book)


def test_a_hold_times_out_before_its_lot_expires_at_the_same_instant() -> None:
    book = told(grant(60, days=2), hold(60, day=1, ends=2), lambda book: book.advance(at(2)))
    assert [entry.kind for entry in book.entries] == ["accrual", "hold", "timeout", "expiry"]


@pytest.mark.parametrize("again", [capture(10, day=3, source="c2"), void(day=3, source="v2")], ids=["capture", "void"])
@pytest.mark.parametrize(
    "ending",
    [capture(10, day=1), void(day=1), lambda book: book.advance(at(3))],
    ids=["captured", "voided", "timed out"],
)
def test_a_hold_ends_once(ending, again) -> None:
    book = told(grant(100), hold(10, day=0.5, ends=2), ending)
    count = book.count
    with pytest.raises(HoldEnded):
        again(book)
    assert book.count == count


def test_an_unknown_hold_is_refused() -> None:
    with pytest.raises(UnknownHold):
        told(grant(100), void(name="nobody's"))


def test_points_that_come_back_repay_a_debt_first() -> None:
    book = told(grant(100), hold(100, day=1, ends=9), refund(day=2, reverse={"g": 100}), void(day=3))
    assert (book.account("points").available, book.account("points").debt) == (0, 0)
    check_book(book)


@pytest.mark.parametrize(
    ("command", "other"),
    [
        (redeem(30), redeem(31)),
        (hold(30, name="x"), hold(31, name="x")),
        (capture(30), capture(31)),
        (void(), capture(60, source="v")),
        (take_back(30), take_back(31)),
    ],
    ids=["redeem", "hold", "capture", "void", "adjust"],
)
def test_what_is_told_twice_is_known_by_its_source(command: Command, other: Command) -> None:
    book = told(grant(100), hold(60), command)
    count = book.count
    with pytest.raises(AlreadyPosted):
        command(book)
    with pytest.raises(PostedDifferently):
        other(book)
    assert book.count == count


@pytest.mark.parametrize(
    "command",
    [redeem(1, day=2), hold(1, name="x", day=2, ends=3), void(day=2), take_back(1, day=2)],
    ids=["redeem", "hold", "void", "adjust"],
)
def test_what_is_due_is_done_before_any_command(command: Command) -> None:
    book = told(grant(10, source="short", days=1), grant(100), hold(1, ends=9))
    command(book)
    assert [entry.kind for entry in book.entries][3] == "expiry"
    assert book.entries[3].postings.breakage == 9
    check_book(book)
