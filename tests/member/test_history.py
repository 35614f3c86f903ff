"""The statement by months: a page ends with a whole one, and the page after goes on below it."""

from datetime import timedelta
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from sqlalchemy import Engine

from portal.db import Batch, transaction
from portal.ledger.entries import Origin
from portal.ledger.operations import store
from portal.ledger.queries import load
from portal.rulebook.receipt import Line
from portal.rulebook.validity import Validity, lot_dates
from tests.member.shop import MOSCOW, NOW, buy, join
from tests.pages import Page, Pages

SOAP = Line(n=1, gross=10000, title="Soap")
SECOND_OF_APRIL = NOW + timedelta(days=29)


@pytest.fixture
def ada(shop: Pages, sqlite: Engine, app: Flask) -> Pages:
    """Give Ada's browser after a purchase a day in March and a day of thirty in April."""
    join(shop.speaking("en"))
    for n in range(20):
        buy(sqlite, "ada@example.com", SOAP, number=f"T1-{n:06}", at=NOW + timedelta(days=n))
    for n in range(30):
        buy(sqlite, "ada@example.com", SOAP, number=f"T2-{n:06}", at=SECOND_OF_APRIL + timedelta(minutes=n))
    app.extensions["clock"] = lambda: SECOND_OF_APRIL + timedelta(hours=1)
    return shop


def months(page: Page) -> list[str]:
    return ["".join(each.itertext()) for each in page.find_all("h2")]


def earlier(page: Page) -> Element:
    return next(each for each in page.find_all("a") if "before=" in (each.get("href") or ""))


def test_a_page_ends_with_a_whole_month(ada: Pages) -> None:
    first = ada.get("/history")
    second = ada.get(str(earlier(first).get("href")))
    assert (months(first), months(second)) == (["April"], ["March"])
    assert len(first.find_all("a", class_="row")) == 30
    assert second.find("h2").get("data-takes-focus") is not None
    assert first.find("h2").get("data-takes-focus") is None


def test_the_part_that_goes_on_is_the_page_without_its_frame(ada: Pages) -> None:
    address = str(earlier(ada.get("/history")).get("href"))
    part, page = ada.part(address, target="div#more"), ada.get(address)
    rows = [row.get("href") for row in page.find_all("a", class_="row")]
    assert [row.get("href") for row in part.find_all("a", class_="row")] == rows
    assert not part.find_all("h1")
    assert not part.find_all("nav")


def test_a_basket_is_worked_out_in_its_part_as_on_its_page(ada: Pages) -> None:
    asked = "/calculator?lines=1&line1-amount=1999"
    answers = [each.find("section", id="answer") for each in (ada.part(asked, target="div#basket"), ada.get(asked))]
    assert "".join(answers[0].itertext()) == "".join(answers[1].itertext())
    assert answers[0].get("data-takes-focus") is not None
    assert ada.part("/calculator?lines=1&line1-amount=x", target="div#basket").status == 422


def test_one_more_line_takes_the_focus(ada: Pages) -> None:
    page = ada.part("/calculator?lines=1&line1-amount=5&more=y", target="div#basket")
    assert [each.get("autofocus") is not None for each in page.find_all("input", inputmode="decimal")] == [False, True]


def test_points_that_only_became_available_are_told_without_a_plus(shop: Pages, sqlite: Engine, app: Flask) -> None:
    join(shop.speaking("en"))
    with transaction(sqlite, writes=True) as session:
        member_id = session.connection().exec_driver_sql("select id from member").scalar_one()
        batch, book = Batch(), load(session, member_id, now=NOW)
        month = Validity(type="days", n=30)
        dates = lot_dates(NOW, zone=MOSCOW, pending_days=2, valid=month)
        book.grant(36, at=NOW, source="bought", origin=Origin("purchase"), dates=dates)
        store(batch, book)
        batch.flush(session)
    app.extensions["clock"] = lambda: NOW + timedelta(days=3)
    row = shop.get("/history").find("a", class_="row row-quiet")
    assert ":" not in "".join(row.itertext())  # its day alone: a time would be midnight's
    words = shop.get(str(row.get("href"))).words
    assert "Became available 36 points" in words
    assert "+36" not in words
