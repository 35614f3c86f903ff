"""From the card to “+N”: what is bought, what it comes to, recorded once."""

from datetime import timedelta

import pytest

from portal.ids import made_at, new_id
from tests.member.shop import NOW
from tests.till.shop import Till, asked


def test_a_sale_from_the_card_to_the_points(till_anywhere: Till):
    till = till_anywhere
    quote = till.quote(till.code(), "1 999,50", points="200")
    assert quote.heading == "Purchase"
    assert "Paid with points −RUB 200.00" in quote.words
    assert "To pay RUB 1,799.50" in quote.words
    assert "Base 5 % 5% of RUB 1,799.50" in quote.words.replace("+89 ", "")
    held = till.send(quote, "/till/receipts")
    assert "Set aside until 12:45: 200 points." in held.words
    assert "Earns only" not in held.words
    page = till.pages.follow(till.send(held, "/till/receipts"))
    assert page.heading == "Recorded"
    assert "+89 points" in page.words
    assert "To pay RUB 1,799.50 Paid with points 200" in page.words
    assert page.find("input", name="shown").get("autofocus") is not None
    assert till.count("receipt") == 1
    assert till.broken() == []


def test_a_double_click_and_the_way_back_record_once(till: Till):
    quote = till.quote(till.code(), points="100")
    held = till.send(quote, "/till/receipts")
    assert till.send(quote, "/till/receipts").words == held.words
    first = till.send(held, "/till/receipts")
    till.wait(minutes=1)
    assert till.send(held, "/till/receipts").location == first.location
    again = till.send(quote, "/till/receipts")
    assert first.location == again.location
    assert till.count("receipt") == 1
    assert till.broken() == []


def test_another_sum_under_a_recorded_sale_is_refused(till: Till):
    basket = till.scan(till.card())
    till.send(till.send(basket, "/till/quote", **{"line1-price": "100"}), "/till/receipts")
    other = till.send(basket, "/till/quote", **{"line1-price": "200"})
    page = till.send(other, "/till/receipts")
    assert page.status == 409
    assert "This sale is recorded already, with another sum." in page.words
    assert till.count("receipt") == 1


def test_a_sale_left_for_an_hour_is_begun_anew(till: Till):
    quote = till.quote(till.code(), points="300")
    till.wait(minutes=61)
    till.sign_in()
    page = till.send(quote, "/till/receipts")
    assert page.status == 410
    assert "This sale was begun too long ago." in page.words


def test_another_due_than_agreed_records_nothing(till: Till):
    quote = till.quote(till.card())
    page = till.send(quote, "/till/receipts", due="99")
    assert page.status == 409
    assert "Something changed since the sum was worked out." in page.words
    assert till.count("receipt") == 0
    assert till.send(quote, "/till/receipts").status == 303


def test_the_printed_number_is_kept_and_taken_once(till: Till):
    page = till.sell(till.card(), number="000812")
    assert "Receipt 000812" in page.words
    page = till.send(till.quote(till.card(), "999", number="000812"), "/till/receipts")
    assert page.status == 422
    assert "Another receipt was recorded under this number of this store." in page.words


def test_without_a_number_the_till_makes_one_of_its_name_the_day_and_the_moment(till: Till):
    page = till.sell(till.card())
    number = next(dd.text for dd in page.find_all("dd") if (dd.text or "").startswith("T1-260304-"))
    assert len(number) == len("T1-260304-") + 6
    till.wait(seconds=1)
    assert number not in till.sell(till.card()).words


def test_an_id_tells_when_it_was_made():
    moment = NOW + timedelta(milliseconds=1234)
    assert made_at(new_id(moment)) == moment


@pytest.mark.parametrize(
    "sale",
    ["", "0" * 26, "z" * 26, new_id(NOW + timedelta(hours=1)), new_id(NOW - timedelta(days=1))],
    ids=["none", "of the first day", "of the last day", "of an hour later", "of yesterday"],
)
def test_a_sale_that_nobody_began_here_is_none(till: Till, sale: str):
    page = till.send(till.scan(till.card()), "/till/quote", sale=sale, **{"line1-price": "100"})
    assert page.status == 410
    assert page.find("a", href="/till") is not None


def test_a_member_that_nobody_scanned_is_none(till: Till):
    page = till.send(till.scan(till.card()), "/till/quote", member="x", **{"line1-price": "100"})
    assert page.status == 422
    assert "This is not an id of a member." in page.words


def test_a_receipt_of_another_store_is_not_shown(till: Till):
    page = till.sell(till.card())
    path = page.answer.request.path
    code = till.write(lambda session: _invite(session, till))
    till.pages.post("/till/enrol", {"code": code})
    till.sign_in()
    assert till.pages.get(path).status == 404


def test_what_a_quote_and_a_sale_ask_of_the_database(till: Till):
    till.sell(till.code(), points="50")  # SQLite makes its views once for each connection
    quote = till.quote(till.code(), points="100")
    assert len(asked(quote)) <= 5
    held = till.send(quote, "/till/receipts")
    assert len(asked(held)) <= 10
    assert len(asked(till.send(held, "/till/receipts"))) <= 6


def _invite(session, till: Till) -> str:
    from portal.staff.operations import invite_device  # noqa: PLC0415

    return invite_device(session, store="S2", till="T9", now=till.now).code
