"""Points to spend: who may, how many, and how long they wait."""

import pytest

from tests.till.shop import Till, fields


def test_the_cashier_sees_the_most_and_types_less(till: Till):
    quote = till.quote(till.code(), points="5000")
    assert "At most 300 points on this receipt." in quote.words
    assert fields(quote, "/till/receipts")["spent"] == "300"
    quote = till.pages.post("/till/quote", {**fields(quote, "/till/quote"), "points": "120"})
    assert fields(quote, "/till/receipts")["spent"] == "120"
    quote = till.pages.post("/till/quote", {**fields(quote, "/till/quote"), "all": "y"})
    assert fields(quote, "/till/receipts")["spent"] == "300"


def test_a_number_cannot_spend(till: Till):
    quote = till.quote(till.card(), points="100")
    assert "Points to spend" not in quote.words
    assert "To spend points: the code on the phone" in quote.words
    page = till.send(quote, "/till/receipts", spent="100")
    assert page.status == 422
    assert "Points are spent only with the code that changes" in page.words
    assert till.count("receipt") == 0


def test_the_phone_may_be_scanned_when_everything_is_typed(till: Till):
    quote = till.send(till.quote(till.card()), "/till/quote", shown=till.code())
    assert "May spend points" in quote.words
    quote = till.pages.post("/till/quote", {**fields(quote, "/till/quote"), "points": "40"})
    assert "Paid with points −RUB 40.00" in quote.words
    assert till.confirm(quote).status == 303


def test_neither_the_number_nor_another_phone_lets_anybody_spend(till: Till):
    quote = till.quote(till.card())
    page = till.send(quote, "/till/quote", shown=till.card())
    assert page.status == 422
    assert "Points are spent only with the code that changes" in page.words
    till.join("Ben", "ben@example.com")
    page = till.send(quote, "/till/quote", shown="ben@example.com")
    assert "This is another member's card." in page.words
    assert "Earns only" in page.words


def test_more_points_than_there_are_is_refused_and_worked_out_anew(till: Till):
    page = till.send(till.quote(till.code(), points="100"), "/till/receipts", spent="301")
    assert page.status == 422
    assert till.count("receipt") == 0
    assert fields(page, "/till/receipts")["spent"] == "300"


def test_a_code_pays_within_five_minutes_of_its_scan(till: Till):
    quote = till.quote(till.code(), points="100")
    till.wait(minutes=6)
    page = till.send(quote, "/till/receipts")
    assert page.status == 422
    assert page.find_all("input", name="code") == []
    assert till.confirm(till.quote(till.code(), points="100")).status == 303


def test_points_that_wait_are_nobody_elses(till: Till):
    held = till.send(till.quote(till.code(), points="200"), "/till/receipts")
    till.wait(minutes=1)
    other = till.quote(till.code(), points="300")
    assert "Paid with points −RUB 100.00" in other.words
    assert till.send(held, "/till/receipts").status == 303
    assert till.broken() == []


def test_points_of_a_code_are_set_aside_even_past_the_page(till: Till):
    told = fields(till.scan(till.code()), "/till/quote") | {"line1-price": "1000", "due": "80000", "spent": "200"}
    for forged in ({}, {"hold": "h" * 26}):
        page = till.pages.post("/till/receipts", told | forged)
        assert (page.status, "Set aside until" in page.words, till.count("receipt")) == (200, True, 0)
    without = {name: value for name, value in told.items() if name != "code"}
    assert till.pages.post("/till/receipts", without).status == 422
    assert till.pages.post("/till/receipts", without | {"hold": "h" * 26}).status == 410
    assert (till.count("receipt"), till.broken()) == (0, [])


def test_points_given_back_can_be_spent_by_another_scan(till: Till):
    held = till.send(till.quote(till.code(), points="200"), "/till/receipts")
    page = till.send(held, "/till/give-back")
    assert "Earns only" in page.words
    assert "300 points" in page.words
    assert fields(page, "/till/receipts")["due"] == "100000"
    till.wait(minutes=1)
    assert till.confirm(till.send(page, "/till/quote", shown=till.code())).status == 303
    gone = till.send(held, "/till/give-back")
    assert "This hold has ended already" in gone.words
    assert till.broken() == []


def test_goods_may_still_change_while_points_wait(till: Till):
    held = till.send(till.quote(till.code(), points="200"), "/till/receipts")
    for action, more in (("/till/basket", {"more": "y"}), ("/till/quote", {"line1-price": ""})):
        page = till.pages.post(action, {**fields(held, "/till/receipts"), **more})
        assert "200 points. Take the money, then record." in page.words
    page = till.send(till.send(held, "/till/basket", more="y"), "/till/quote", **{"line2-price": "500"})
    assert till.send(page, "/till/receipts").status == 303
    assert till.broken() == []


def test_points_that_waited_too_long_go_back_and_the_goods_stay(till: Till):
    held = till.send(till.quote(till.code(), points="200"), "/till/receipts")
    till.wait(minutes=50)
    till.sign_in()
    page = till.send(held, "/till/receipts")
    assert page.status == 410
    assert "The points went back to the member" in page.words
    assert "Earns only" in page.words
    assert till.count("receipt") == 0
    assert till.pages.post("/till/receipts", fields(page, "/till/receipts")).status == 303
    assert till.broken() == []


@pytest.mark.parametrize("typed", ["1,000", "1 000"])
def test_points_are_typed_in_thousands_as_a_sum_is(till: Till, typed: str):
    page = till.quote(till.code(), "5000", points=typed)
    assert "At most 300 points on this receipt." in page.words


@pytest.mark.parametrize("typed", ["10.5", "-5"])
def test_points_that_are_no_number_record_nothing(till: Till, typed: str):
    page = till.quote(till.code(), "1000", points=typed)
    assert "Type a whole number of points" in page.words
    assert page.find("input", name="points").get("value") == typed
    sale = fields(till.quote(till.code(), "1000"), "/till/quote")
    assert till.pages.post("/till/receipts", {**sale, "points": typed}).status == 422
    assert "Type a whole number" in till.part({**sale, "points": typed}).seen
    assert till.count("receipt") == 0


def test_points_stay_typed_while_lines_are_added(till: Till):
    page = till.quote(till.code(), "1000", points="80")
    page = till.send(page, "/till/basket", more="y")
    assert page.find("input", name="points").get("value") == "80"
