"""The first screen of a member."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from portal.rulebook.receipt import Line
from tests.member.shop import NOW, buy, join
from tests.pages import Pages

CREAM = Line(n=1, gross=199900, title="Cream", brand="Innisfree")


def test_a_newcomer_sees_the_welcome_points_and_their_last_day(shop: Pages) -> None:
    page = join(shop.speaking("en"))
    assert page.heading == "Good afternoon, Ada"
    assert "+300 Welcome points" in page.words
    assert "300 points worth RUB 300 at the till" in page.words
    assert "Valid until 18 March inclusive" in page.words


def test_new_points_are_celebrated_once(shop: Pages, sqlite: Engine) -> None:
    join(shop.speaking("en"))
    buy(sqlite, "ada@example.com", CREAM)
    first = shop.get("/home")
    assert "+149 Purchase" in first.words
    up_to = first.find("input", name="up_to").get("value")
    assert "See why" not in shop.follow(shop.post("/home/shown", {"up_to": up_to})).words
    shop.post("/home/shown", {"up_to": "1"})
    assert "See why" not in shop.get("/home").words, "a page that stood open takes nothing back"
    buy(sqlite, "ada@example.com", CREAM, number="T1-000002")
    assert "+149 Purchase" in shop.get("/home").words


@pytest.mark.parametrize("up_to", ["", "-1", "x", "9999999999"])
def test_a_number_of_no_entry_is_refused(shop: Pages, up_to: str) -> None:
    join(shop)
    assert shop.post("/home/shown", {"up_to": up_to}).status == 400
    assert "+300" in shop.get("/home").words


def test_home_needs_one_statement_with_the_sign_in(shop: Pages, sqlite: Engine) -> None:
    join(shop)
    buy(sqlite, "ada@example.com", CREAM)
    assert len(shop.get("/home").statements) == 1


def test_a_visit_is_noted_once_in_a_while(shop: Pages) -> None:
    join(shop)
    shop.app.extensions["clock"] = lambda: NOW + timedelta(hours=1)
    assert len(shop.get("/home").statements) > 1
    assert len(shop.get("/home").statements) == 1


def test_what_a_receipt_brought_is_one_row(shop: Pages, sqlite: Engine) -> None:
    join(shop.speaking("en"))
    buy(sqlite, "ada@example.com", CREAM)
    rows = shop.get("/home").find_all("a", class_="row")
    assert len(rows) == 2


def test_who_is_not_signed_in_is_led_to_the_sign_in_and_back(shop: Pages) -> None:
    page = shop.get("/home")
    assert page.location == "/sign-in?next=/home"
    assert shop.part("/card", target="div#code").answer.headers["HX-Redirect"] == "/sign-in?next=/card"


def test_points_that_run_out_soon_are_told_once(shop: Pages) -> None:
    join(shop.speaking("en"))
    shop.app.extensions["clock"] = lambda: NOW + timedelta(days=10)
    words = shop.get("/home").words
    assert "300 points until 18 March inclusive Use them at the till" in words
    assert "Valid until" not in words
