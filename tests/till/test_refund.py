"""Goods come back by the number of their receipt, and every no on the way."""

import re

from sqlalchemy import text

from portal.staff.queries import check_audit
from tests.pages import Page
from tests.till.shop import Till


def sold(till: Till, *, points: str = "100") -> str:
    """Sell two soaps and a comb, and return the receipt's id."""
    lines = {"lines": "2", "in_lines": "y", "line1-title": "Soap", "line1-price": "400", "line1-qty": "2"}
    lines |= {"line2-title": "Comb", "line2-price": "200"}
    page = till.sell(till.code(), "400", points=points, **lines)
    return str(page.answer.request.path).rpartition("/")[2]


def look(till: Till, receipt_id: str, **typed: str) -> Page:
    return till.pages.post(f"/till/refund/{receipt_id}/quote", {name.replace("_", "-"): v for name, v in typed.items()})


def test_goods_come_back_by_the_number(till: Till):
    receipt_id = sold(till)
    number = re.search(r"T1-260304-\w{6}", till.pages.get(f"/till/receipts/{receipt_id}").words)[0]
    found = till.pages.get("/till/refund", query_string={"number": number.lower()})
    page = till.pages.follow(found)
    assert page.heading == "What comes back?"
    assert "Soap 2 × · RUB 800.00" in page.words
    quote = look(till, receipt_id, line1_qty="1")
    assert quote.heading == "Give back"
    assert "Give back RUB 360.00" in quote.words
    assert "Points spent come back +40" in quote.words
    assert "Base 5 % −18" in quote.words
    page = till.pages.follow(till.send(quote, f"/till/refund/{receipt_id}"))
    assert page.heading == "Brought back"
    assert "RUB 360.00 Points given back +40" in page.words
    assert "Points taken back −18" in page.words
    assert "left: 1" in till.pages.get(f"/till/refund/{receipt_id}").words
    assert till.broken() == []


def test_confirming_twice_refunds_once(till: Till):
    receipt_id = sold(till)
    quote = look(till, receipt_id, all="y")
    first, again = (till.send(quote, f"/till/refund/{receipt_id}") for _ in range(2))
    assert first.location == again.location
    assert till.count("refund") == 1
    assert (
        till.write(
            lambda session: session.scalar(text("select count(*) from audit_entry where action = 'receipt.refund'"))
        )
        == 1
    )
    assert till.write(check_audit) == []


def test_more_than_was_sold_does_not_come_back(till: Till):
    receipt_id = sold(till)
    page = look(till, receipt_id, line1_qty="3")
    assert page.status == 422
    assert "Of line 1 only 2 can still be brought back." in page.words
    assert page.find("input", name="line1-qty").get("aria-invalid") == "true"


def test_what_came_back_does_not_come_back_again(till: Till):
    receipt_id = sold(till)
    quote = look(till, receipt_id, all="y")
    other = look(till, receipt_id, line2_qty="1")
    till.send(quote, f"/till/refund/{receipt_id}")
    late = till.send(other, f"/till/refund/{receipt_id}")
    assert late.status == 422
    page = till.pages.get(f"/till/refund/{receipt_id}")
    assert "Everything of this receipt was brought back before." in page.words


def test_nothing_and_nonsense_are_told_beside_the_line(till: Till):
    receipt_id = sold(till)
    assert "Say how much of which line comes back." in look(till, receipt_id).words
    assert "Type a quantity" in look(till, receipt_id, line2_qty="one").words


def test_an_unknown_number_is_told_beside_the_field(till: Till):
    page = till.pages.get("/till/refund", query_string={"number": "T1-000001"})
    assert page.status == 404
    assert "There is no such receipt." in page.words
    assert till.pages.get("/till/refund", query_string={"number": ""}).status == 422
    assert till.pages.get(f"/till/refund/{'0' * 26}").status == 404
    assert till.pages.get("/till/refund").status == 200


def test_a_refund_begun_too_long_ago_is_begun_anew(till: Till):
    receipt_id = sold(till)
    quote = look(till, receipt_id, all="y")
    page = till.send(quote, f"/till/refund/{receipt_id}", refund="0" * 26)
    assert page.status == 410
    assert till.count("refund") == 0


def by_card(till: Till, shown: str) -> Page:
    return till.pages.post("/till/refund/member", {"shown": shown})


def test_goods_come_back_by_the_members_last_receipts(till: Till):
    old = sold(till)
    till.wait(minutes=5)
    till.sell(till.card(), "1000")
    page = by_card(till, till.card())
    assert page.heading == "Last receipts"
    first, second = (link.get("href") for link in page.find_all("a", class_="row"))
    assert second == f"/till/refund/{old}"
    assert "Goods" in page.words
    assert "Soap, Comb" in page.words
    assert "paid by 100 points" in page.words
    till.send(look(till, old, line1_qty="1"), second)
    till.send(look(till, first.rpartition("/")[2], all="y"), first)
    again = by_card(till, "+7 912 345-67-89").words
    assert "a part came back" in again
    assert "all came back" in again
    assert till.pages.get(second).heading == "What comes back?"


def test_a_card_of_nobody_and_a_member_who_bought_nothing_are_told(till: Till):
    assert "There is no such member." in by_card(till, "+7 900 000-00-00").words
    assert by_card(till, "").status == 422
    assert by_card(till, "1234567890").status == 422
    till.join("Ben", "ben@example.org")
    assert "Nothing was bought in this store with this card." in by_card(till, "ben@example.org").words


def test_receipts_of_another_store_are_not_shown(till: Till):
    sold(till)
    till.write(lambda session: session.execute(text("update till_device set store = 'S2'")))
    assert "Nothing was bought in this store" in by_card(till, till.card()).words


def test_what_was_spent_since_is_owed_and_said_before(till: Till):
    till.sell(till.card(), "10000")
    first = by_card(till, till.card()).find("a", class_="row").get("href")
    assert "Points afterwards 300" in look(till, first.rpartition("/")[2], all="y").words
    till.sell(till.code(), "2000", all="y", points="700")
    quote = look(till, first.rpartition("/")[2], all="y")
    assert "of these were spent already and are owed then" in quote.words
    owed = quote.find("div", class_="notice-warn")
    assert owed is not None
    page = till.pages.follow(till.send(quote, first))
    assert page.heading == "Brought back"
    assert till.broken() == []
