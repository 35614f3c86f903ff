"""Back and a reload of a page that was posted: nothing of it is kept, and the cashier is led on."""

import pytest

from tests.till.shop import Till


@pytest.mark.parametrize(
    "address",
    ["member", "refund/01kb20hht8rtqh45anqdz095fn/quote", "refund/member", "requests/for", "corrections/member"],
)
def test_a_page_of_a_sale_that_is_asked_for_again_leads_on(till: Till, address: str):
    answer = till.pages.get(f"/till/{address}")
    assert (answer.status, answer.location) == (303, "/till/over")
    page = till.pages.follow(answer)
    assert page.heading == "This page is over"
    assert "What was recorded stays recorded" in page.words
    assert {"/till", "/till/shift"} <= {link.get("href") for link in page.find_all("a")}


def test_only_reading_a_page_of_the_till_leads_on(till: Till):
    assert till.pages.post("/till/over").status == 405
    assert till.pages.get("/sign-out").status == 405


def test_an_error_at_the_till_leads_back_to_the_till(till: Till):
    links = [link.get("href") for link in till.pages.get("/till/nowhere").find_all("a")]
    assert "/till" in links
    assert "/till" not in [link.get("href") for link in till.pages.get("/nowhere").find_all("a")]


def test_nobody_on_shift_is_led_to_the_pin(till: Till):
    till.pages.post("/till/lock")
    page = till.pages.follow(till.pages.get("/till/member"))
    assert page.location == "/till/sign-in"
