"""Refunds: restore, then reverse, then the programme's policy (domain.md §2.6)."""

from itertools import permutations

import pytest

from portal.ledger.book import Book
from portal.ledger.refunds import NotEarnedSo, NotSpentSo
from portal.ledger.sheet import AlreadyPosted, PostedDifferently
from tests.ledger.invariants import check_book
from tests.ledger.stories import at, capture, grant, hold, redeem, refund, told


def sums(book: Book) -> dict[str, int]:
    names = ("available", "pending", "held", "debt", "issued", "redeemed", "breakage", "writeoff")
    found = {name: sum(getattr(entry.postings, name) for entry in book.entries) for name in names}
    return {name: points for name, points in found.items() if points}


@pytest.mark.parametrize(
    ("shortage", "expected"),
    [
        ("lot_only", {"available": 30, "issued": -90, "redeemed": 60}),
        ("within_balance", {"issued": -60, "redeemed": 60}),
        ("debt", {"debt": -30, "issued": -30, "redeemed": 60}),
    ],
)
def test_what_was_earned_and_spent_is_taken_back_by_policy(shortage, expected) -> None:
    book = told(
        grant(60, days=5),
        redeem(60, day=1),
        grant(30, source="other", day=1),
        refund(day=2, shortage=shortage, reverse={"g": 60}),
    )
    assert sums(book) == expected
    check_book(book)


@pytest.mark.parametrize("shortage", ["lot_only", "within_balance", "debt"])
def test_the_lots_own_points_are_taken_first_whatever_the_policy(shortage) -> None:
    book = told(grant(50, source="old", days=3), grant(60), refund(day=1, shortage=shortage, reverse={"g": 60}))
    assert [lot.left for lot in book.pages.lots.values()] == [50, 0]


def test_pending_points_of_another_purchase_are_left_alone() -> None:
    book = told(grant(60), redeem(60), grant(90, source="other", pending=14), refund(day=1, reverse={"g": 60}))
    assert sums(book) == {"pending": 90, "debt": -60, "issued": -90, "redeemed": 60}
    book.advance(at(14))
    assert sums(book) == {"available": 30, "issued": -90, "redeemed": 60}
    check_book(book)


def test_a_pending_lot_partly_taken_back_releases_the_rest() -> None:
    book = told(grant(50, pending=14), refund(day=4, reverse={"g": 20}), lambda book: book.advance(at(14)))
    assert sums(book) == {"available": 30, "issued": -30}


def test_what_ran_out_of_the_lot_is_not_owed() -> None:
    book = told(grant(100, days=14), redeem(60, day=1), refund(day=20, reverse={"g": 100}))
    assert sums(book) == {"debt": -60, "redeemed": 60}
    check_book(book)


def test_points_spent_last_go_back_first() -> None:
    book = told(
        grant(10, source="a", days=5), grant(10, source="b", days=9), redeem(15), refund(day=1, restore={"r": 7})
    )
    assert [lot.left for lot in book.pages.lots.values()] == [2, 10]
    refund(day=2, source="again", restore={"r": 8})(book)
    assert [lot.left for lot in book.pages.lots.values()] == [10, 10]


def test_points_of_a_lot_that_expired_come_back_for_a_time_of_grace() -> None:
    book = told(
        grant(10, source="a", days=5), grant(10, source="b", days=90), redeem(15), refund(day=6, restore={"r": 15})
    )
    assert [(lot.left, lot.expires_at) for lot in book.pages.lots.values()] == [(0, at(5)), (10, at(90)), (10, at(20))]
    assert book.balance(at(21)).available == 10
    check_book(book)


def test_points_brought_back_by_grace_belong_to_their_accrual_still() -> None:
    book = told(
        grant(10, days=5), redeem(10, day=1), grant(40, source="other", day=1), refund(day=6, restore={"r": 10}),
        refund(day=7, source="next", shortage="lot_only", reverse={"g": 10}),
    )  # fmt: skip
    assert [lot.left for lot in book.pages.lots.values()] == [0, 40, 0]
    assert "forgiven" not in book.entries[-1].details


def test_points_of_a_capture_go_back_like_those_of_a_redemption() -> None:
    book = told(grant(100), hold(80, ends=1), capture(60), refund(day=1, restore={"c": 60}))
    assert sums(book) == {"available": 100, "issued": -100}


def test_a_debt_is_forgiven_when_its_time_is_over() -> None:
    book = told(grant(100), redeem(100), refund(day=1, reverse={"g": 100}), grant(30, source="new", day=2))
    assert book.balance(at(365.99)).debt == -70
    assert book.balance(at(366)).debt == 0
    book.advance(at(366))
    assert book.entries[-1].kind == "write_off"
    assert sums(book)["writeoff"] == -70


def test_more_than_was_spent_or_earned_cannot_be_undone() -> None:
    book = told(grant(100), redeem(40), refund(day=1, restore={"r": 30}, reverse={"g": 90}))
    with pytest.raises(NotSpentSo) as refused:
        refund(day=2, source="more", restore={"r": 11})(book)
    assert refused.value.facts == {"points": 10}
    with pytest.raises(NotEarnedSo):
        refund(day=2, source="more", reverse={"g": 11})(book)
    with pytest.raises(NotEarnedSo):
        refund(day=2, source="more", reverse={"unknown": 1})(book)
    with pytest.raises(NotEarnedSo):
        refund(day=2, source="more", reverse={"r": 1})(book)


@pytest.mark.parametrize(("points", "answer"), [(30, AlreadyPosted), (31, PostedDifferently)])
@pytest.mark.parametrize("undo", ["restore", "reverse"])
def test_a_refund_told_twice_is_posted_once(undo, points, answer) -> None:
    source = {"restore": "r", "reverse": "g"}[undo]
    book = told(grant(100), redeem(40), refund(day=1, **{undo: {source: 30}}))
    count = book.count
    with pytest.raises(answer):
        refund(day=1, **{undo: {source: points}})(book)
    assert book.count == count


PURCHASES = {
    "first": refund(day=20, source="first", reverse={"g1": 100}),
    "second": refund(day=20, source="second", restore={"r2": 100}, reverse={"g2": 5}),
    "third": refund(day=20, source="third", restore={"r3": 3}, reverse={"g3": 40}),
}


@pytest.mark.parametrize("order", list(permutations(PURCHASES)))
@pytest.mark.parametrize("life", [9, 90], ids=["expired meanwhile", "alive"])
def test_refunds_in_any_order_restore_everything(order, life) -> None:
    book = told(
        grant(100, source="g1", days=life), redeem(100, source="r2", day=1), grant(5, source="g2", days=life, day=1),
        redeem(3, source="r3", day=2), grant(40, source="g3", days=life, pending=14, day=2),
    )  # fmt: skip
    for name in order:
        PURCHASES[name](book)
        check_book(book)
    assert sums(book) == {}
