"""The goods that a shop tells of: kept one by one or many at once, listed page by page, taken out."""

from typing import Any

import pytest

from portal.api.catalogue import MOST
from portal.catalogue.queries import find_goods
from portal.db import transaction
from tests.api.conftest import Api, problem

SOAP = {"title": "Soap", "price": 9900, "barcode": "2000000000015", "category": "care/bath", "tags": ["eco"]}


def products(*skus: str, **told: Any) -> dict[str, Any]:
    return {"products": [{"sku": sku, "title": sku.title(), "price": 100, **told} for sku in skus]}


def kept(shop: Api) -> list[str]:
    return [row.sku for row in shop.ask("select sku from product order by sku")]


def test_goods_that_are_put_are_known_at_the_till(web_shop: Api, till: Api):
    first = web_shop.send("PUT", "/products/SOAP", SOAP, key="p1")
    assert (first.status_code, first.json) == (200, {"count": 1})
    assert web_shop.send("PUT", "/products/SOAP", SOAP, key="p1").headers["Idempotent-Replayed"] == "true"
    assert till.get("/catalogue", barcode=SOAP["barcode"]).json["products"] == [{"sku": "SOAP", "brand": "", **SOAP}]
    with transaction(till.app.extensions["engine"], writes=False) as session:
        assert find_goods(session, "2000000000015")
    deed = web_shop.ask("select action, subject_id from audit_entry order by number desc")[0]
    assert (deed.action, deed.subject_id) == ("goods.put", "SOAP")
    assert len(web_shop.ask("select 1 from audit_entry where action = 'goods.put'")) == 1


def test_many_are_kept_together_or_not_at_all(web_shop: Api):
    assert web_shop.send("PUT", "/products", products("A", "B", "C")).json == {"count": 3}
    taken = products("B", "D", barcode="2000000000015")
    problem(web_shop.send("PUT", "/products", taken), 409, "barcode-taken")
    assert kept(web_shop) == ["A", "B", "C"]
    assert web_shop.send("PUT", "/products", products("B", "B", barcode="1")).json == {"count": 1}


def test_the_same_key_with_other_goods_is_a_conflict(web_shop: Api):
    web_shop.send("PUT", "/products/SOAP", SOAP, key="p1")
    problem(web_shop.send("PUT", "/products/FOAM", SOAP, key="p1"), 409, "idempotency-conflict")
    problem(web_shop.send("PUT", "/products", products("SOAP"), key="p1"), 409, "idempotency-conflict")
    assert kept(web_shop) == ["SOAP"]


def test_the_catalogue_is_read_page_by_page(web_shop: Api, till: Api):
    web_shop.send("PUT", "/products", products("A", "B", "C"))
    first = till.get("/catalogue", limit=2).json
    assert ([each["sku"] for each in first["products"]], first["next"]) == (["A", "B"], "B")
    last = till.get("/catalogue", limit=2, cursor="B").json
    assert ([each["sku"] for each in last["products"]], last["next"]) == (["C"], None)
    assert till.get("/catalogue", limit=3).json["next"] is None
    problem(till.get("/catalogue", limit=201), 422, "invalid-parameters")


def test_goods_that_are_sold_no_longer_are_taken_out_once(web_shop: Api):
    web_shop.send("PUT", "/products", products("A", "B"))
    assert web_shop.call("DELETE", "/products/A", headers={"Idempotency-Key": "d1"}).json == {"count": 1}
    again = web_shop.call("DELETE", "/products/A", headers={"Idempotency-Key": "d1"})
    assert again.headers["Idempotent-Replayed"] == "true"
    problem(web_shop.call("DELETE", "/products/A", headers={"Idempotency-Key": "d2"}), 404, "unknown-goods")
    assert kept(web_shop) == ["B"]


def test_a_name_with_a_slash_leads_to_its_goods(web_shop: Api):
    web_shop.send("PUT", "/products", products("12/5", "12", "5"))
    assert web_shop.send("PUT", "/products/12%2F5", SOAP).json == {"count": 1}
    assert web_shop.ask("select title from product where sku = '12/5'") == [("Soap",)]
    assert web_shop.call("DELETE", "/products/12%2F5", headers={"Idempotency-Key": "d"}).json == {"count": 1}
    assert kept(web_shop) == ["12", "5"]


def test_a_slash_too_many_leads_to_no_other_goods(web_shop: Api):
    problem(web_shop.send("PUT", "/products/%2FSOAP", SOAP), 404, "not-found")
    assert kept(web_shop) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"price": 0}, {"price": 10**11 + 1}, {"price": "99"}, {"price": 9.5}, {"title": ""}, {"title": "a\tb"},
        {"barcode": "1" * 21}, {"brand": "x" * 81}, {"tags": ["x"] * 51}, {"sku": "OTHER"}, {"colour": "red"},
    ],
)  # fmt: skip
def test_what_are_no_goods_is_refused(web_shop: Api, wrong: dict[str, Any]):
    problem(web_shop.send("PUT", "/products/SOAP", SOAP | wrong), 422, "invalid-body")
    assert kept(web_shop) == []


def test_a_name_is_no_longer_than_a_receipt_takes(web_shop: Api):
    problem(web_shop.send("PUT", f"/products/{'x' * 81}", SOAP), 422, "invalid-body")
    problem(web_shop.call("DELETE", "/products/a%01", headers={"Idempotency-Key": "d"}), 422, "invalid-body")
    problem(web_shop.call("DELETE", "/products/a%00", headers={"Idempotency-Key": "d"}), 404, "not-found")
    problem(web_shop.get("/catalogue", cursor="\0"), 422, "invalid-parameters")
    problem(web_shop.send("PUT", "/products", products(*["A"] * (MOST + 1))), 422, "invalid-body")
    problem(web_shop.send("PUT", "/products", products()), 422, "invalid-body")
    assert kept(web_shop) == []


def test_a_till_reads_and_does_not_write(till: Api):
    problem(till.send("PUT", "/products/SOAP", SOAP), 403, "scope-missing")
    problem(till.call("DELETE", "/products/SOAP", headers={"Idempotency-Key": "d"}), 403, "scope-missing")
    assert till.get("/catalogue").json == {"products": [], "next": None}
