"""Goods by their barcode become lines of a purchase, with the brand and category that rules ask about."""

import pytest

from portal.catalogue.goods import Goods
from portal.catalogue.operations import put_goods
from tests.till.shop import Till, fields

SERUM = Goods(sku="SERUM", title="Serum", price=100000, barcode="2000000000015", brand="Innisfree")
SOAP = Goods(sku="SOAP", title="Soap", price=9950, barcode="2000000000022")


@pytest.fixture
def shelves(till: Till) -> Till:
    till.write(lambda session: put_goods(session, [SERUM, SOAP]))
    return till


def test_a_barcode_becomes_a_line_and_is_worked_out(shelves: Till):
    page = shelves.send(shelves.scan(shelves.card()), "/till/goods", barcode=SERUM.barcode)
    assert page.find("input", name="line1-title").get("value") == "Serum"
    assert "Korean cosmetics +50" in page.words
    page = shelves.send(page, "/till/goods", barcode=SOAP.barcode)
    page = shelves.send(page, "/till/goods", barcode=SOAP.barcode)
    assert page.find("input", name="line2-qty").get("value") == "2"
    assert fields(page, "/till/receipts")["due"] == "119900"
    assert shelves.confirm(page).status == 303
    assert shelves.broken() == []


def test_what_was_typed_before_stays(shelves: Till):
    page = shelves.send(shelves.scan(shelves.card()), "/till/goods", **{"line1-price": "10", "barcode": "SOAP"})
    assert page.find("input", name="line1-price").get("value") == "10"
    assert page.find("input", name="line2-price").get("value") == "99.50"


def test_without_a_barcode_it_is_worked_out(shelves: Till):
    page = shelves.send(shelves.scan(shelves.card()), "/till/goods", in_lines="y", **{"line1-price": "10"})
    assert fields(page, "/till/receipts")["due"] == "1000"


def test_a_barcode_that_nobody_told_of_says_so(shelves: Till):
    typed = {"line1-price": "10", "barcode": "2000000000039"}
    page = shelves.send(shelves.scan(shelves.card()), "/till/goods", **typed)
    assert page.status == 422
    assert "The shop has told nothing of this barcode." in page.words
    assert page.find("input", name="line1-price").get("value") == "10"


def test_a_name_that_the_page_makes_up_is_no_goods(shelves: Till):
    page = shelves.send(shelves.scan(shelves.card()), "/till/goods", barcode="SOAP")
    page = shelves.send(page, "/till/quote", **{"line1-sku": "GOLD"})
    assert fields(page, "/till/receipts")["due"] == "9950"
