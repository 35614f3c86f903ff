"""Granting, adjusting, advancing and closing (domain.md §2.1, §2.4, §2.8)."""

import pytest

from portal.ledger.accruals import Grounds, NoPoints, NotEnoughPoints
from portal.ledger.balance import Expiring, Releasing
from portal.ledger.entries import Origin
from portal.ledger.sheet import AlreadyPosted, PostedDifferently
from tests.ledger.invariants import check_book
from tests.ledger.stories import at, grant, hold, lives, redeem, refund, told

GOODWILL = Grounds(reason="goodwill", operator="mira")


def test_a_grant_told_twice_is_refused_by_name() -> None:
    book = told(grant(50))
    with pytest.raises(AlreadyPosted):
        grant(50)(book)
    with pytest.raises(PostedDifferently):
        grant(60)(book)
    with pytest.raises(PostedDifferently):
        redeem(50, source="g")(book)
    assert book.count == 1


@pytest.mark.parametrize("points", [0, -1])
def test_nothing_cannot_be_granted(points) -> None:
    with pytest.raises(NoPoints):
        told(grant(points))


def test_a_debt_is_repaid_before_points_are_available() -> None:
    book = told(grant(100), redeem(100), refund(day=1, reverse={"g": 100}), grant(150, source="new", day=2))
    assert (book.account("points").available, book.account("points").debt) == (50, 0)
    assert [entry.kind for entry in book.entries[-2:]] == ["accrual", "settlement"]
    assert book.entries[-1].details == {"debts": [[3, 100]]}


def test_points_told_late_by_an_offline_till_count_from_their_receipt() -> None:
    book = told(lambda book: book.advance(at(3)), grant(10, pending=1, days=1.5), grant(20, source="h", pending=2))
    assert [(entry.kind, entry.at, entry.posted_at) for entry in book.entries] == [
        ("accrual", at(0), at(3)),
        ("release", at(1), at(3)),
        ("expiry", at(2.5), at(3)),
        ("accrual", at(0), at(3)),
        ("release", at(2), at(3)),
    ]


def test_a_late_book_catches_up_in_the_order_of_time() -> None:
    book = told(grant(10, source="a", days=5), grant(20, source="b", pending=3, days=1), hold(10, ends=4))
    book.advance(at(30))
    assert [(entry.kind, entry.at) for entry in book.entries[3:]] == [
        ("release", at(3)),
        ("timeout", at(4)),
        ("expiry", at(4)),
        ("expiry", at(5)),
    ]
    count = book.count
    book.advance(at(30))
    assert book.count == count


def test_the_balance_says_what_runs_out_and_what_is_coming() -> None:
    book = told(grant(10, source="a", days=5), grant(5, source="b", days=5), grant(20, source="c", pending=3, days=9))
    balance = book.balance(at(0))
    assert balance.expiring == (Expiring(15, at(5), at(5).date()), Expiring(20, at(12), at(12).date()))
    assert balance.releasing == (Releasing(20, at(3)),)
    assert balance.liability == 35


def test_an_adjustment_gives_and_takes_and_says_why() -> None:
    book = told(grant(10), lambda book: book.adjust(40, at=at(0), source="a", grounds=GOODWILL, dates=lives(10)))
    taken = book.adjust(-45, at=at(1), source="b", grounds=Grounds(reason="fraud", operator="mira", second="tim"))
    assert taken.details == {"reason": "fraud", "operator": "mira", "second": "tim"}
    assert [lot.left for lot in book.pages.lots.values()] == [5, 0]
    assert sum(entry.postings.issued for entry in book.entries) == -5
    check_book(book)


def test_an_adjustment_never_makes_a_debt() -> None:
    book = told(grant(10))
    with pytest.raises(NotEnoughPoints):
        book.adjust(-11, at=at(1), source="b", grounds=GOODWILL)
    with pytest.raises(NoPoints):
        book.adjust(0, at=at(1), source="b", grounds=GOODWILL)


def test_a_gift_wallet_is_an_account_of_its_own() -> None:
    book = told(grant(10))
    origin = Origin("promo", rule="five_pouches", rulebook="shop@1")
    book.grant(5, at=at(0), source="w", origin=origin, dates=lives(30), wallet="whiskas")
    book.redeem(2, at=at(1), source="w1", origin=Origin("purchase"), wallet="whiskas")
    assert (book.balance(at(1)).available, book.balance(at(1), wallet="whiskas").available) == (10, 3)
    with pytest.raises(NotEnoughPoints):
        book.redeem(4, at=at(1), source="w2", origin=Origin("purchase"), wallet="whiskas")
    check_book(book)


def test_forgetting_a_member_lets_everything_go() -> None:
    book = told(grant(10, source="a"), grant(20, source="b", pending=5), grant(5, source="c"), hold(8, ends=9))
    book.forfeit(at=at(1), source="erase")
    assert book.balance(at(1)).liability == 0
    assert sum(entry.postings.breakage for entry in book.entries) == 35
    assert {entry.origin.cause for entry in book.entries if entry.kind == "forfeit"} == {"erasure"}
    assert book.next_due() is None
    check_book(book)


def test_a_debt_can_be_forgiven_by_hand() -> None:
    book = told(grant(100), redeem(100), refund(day=1, reverse={"g": 100}))
    book.write_off(at=at(2), source="kind", origin=Origin("goodwill"))
    assert (book.balance(at(2)).debt, sum(entry.postings.writeoff for entry in book.entries)) == (0, -100)
    assert book.write_off(at=at(2), source="kind again", origin=Origin("goodwill")) is None
    check_book(book)
