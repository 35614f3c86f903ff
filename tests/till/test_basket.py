"""What is bought, as it is typed."""

import pytest

from tests.till.shop import Till, fields


def test_lines_are_added_and_taken_away_without_losing_what_was_typed(till: Till):
    page = till.send(till.scan(till.card()), "/till/basket", more="y", **{"line1-price": "100"})
    page = till.send(page, "/till/basket", more="y", **{"line1-price": "100", "line1-title": "Soap"})
    typed = {"line1-price": "100", "line1-title": "Soap", "line2-price": "1000", "line2-kind": "brand:Innisfree"}
    assert [field.get("value") for field in page.find_all("input", name="line1-title")] == ["Soap"]
    page = till.send(page, "/till/basket", drop="1", **typed)
    assert page.find("input", name="line1-price").get("value") == "1000"
    assert len(page.find_all("fieldset", class_="till-line")) == 1
    quote = till.send(
        page, "/till/quote", **{"line1-price": "1000", "line1-kind": "brand:Innisfree", "line1-qty": "1,5"}
    )
    assert "+75" in quote.words
    assert "Korean cosmetics +50" in quote.words
    back = till.send(quote, "/till/basket")
    assert back.find("input", name="line1-qty").get("value") == "1,5"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"line1-price": ""}, "Type a sum"),
        ({"line1-price": "abc"}, "Type a sum"),
        ({"line1-price": "-5"}, "Type a sum"),
        ({"line1-price": "5", "line1-qty": "0"}, "Type a quantity"),
        ({"line1-price": "5", "line1-qty": "many"}, "Type a quantity"),
        ({"line1-price": "999999999", "line1-qty": "999999"}, "more than one receipt can hold"),
        ({"line1-price": "0.01", "line1-qty": "0.001"}, "Type a sum"),
        ({"line1-title": "Soap"}, "Type a sum"),
    ],
)
def test_what_is_no_sum_is_told_beside_it(till: Till, typed: dict[str, str], said: str):
    page = till.send(till.scan(till.card()), "/till/quote", in_lines="y", **typed)
    assert page.status == 422
    assert said in page.words
    assert page.find_all("input", aria_invalid="true")


def test_the_sum_is_told_while_it_is_typed(till: Till):
    page = till.scan(till.code())
    typed = fields(page, "/till/quote")
    none = till.part({**typed, "line1-price": "1."})
    assert (none.status, none.find_all("input", name="due")) == (200, [])
    assert "Type a sum" in none.seen
    told = till.part({**typed, "line1-price": "1000", "points": "5000"})
    assert told.find("input", name="due").get("value") == "70000"
    assert told.find("div", id="quote").get("data-most") == "300"
    assert "At most 300 points on this receipt." in told.seen
    assert till.count("receipt") == 0


def test_a_sum_that_nobody_saw_is_shown_not_recorded(till: Till):
    page = till.send(till.scan(till.card()), "/till/receipts", **{"line1-price": "1000"})
    assert (page.status, till.count("receipt")) == (200, 0)
    assert fields(page, "/till/receipts")["due"] == "100000"


def test_a_till_that_was_locked_meanwhile_leaves_the_page(till: Till):
    typed = fields(till.scan(till.card()), "/till/quote")
    till.wait(minutes=11)
    answer = till.part({**typed, "line1-price": "1000"}).answer
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/till/sign-in")
