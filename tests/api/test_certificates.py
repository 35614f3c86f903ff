"""Certificates as a shop's own till sells and takes them."""

from datetime import timedelta
from typing import Any

import pytest

from portal.db import transaction
from portal.programme.publish_rulebook import publish_rulebook
from portal.rulebook.document import load_json
from tests.api.conftest import NOON, RULEBOOK, Api, problem

BLOCK = {
    "id": "legal", "priority": 1,
    "effects": [
        {"type": "block", "what": ["discount", "accrual", "redemption"], "lines": {"category": ["gift_certificate"]}}
    ],
}  # fmt: skip


@pytest.fixture
def till(shop: Api) -> Api:
    document = {**RULEBOOK, "version": 2, "rules": [*RULEBOOK["rules"], BLOCK]}
    with transaction(shop.app.extensions["engine"], writes=True) as session:
        publish_rulebook(session, load_json(document), effective_from=NOON, now=NOON)
    return shop.key("till")


def buy(till: Api, number: str, **line: Any) -> str:
    receipt = {"number": number, "store": "S1", "at": NOON.isoformat(), "lines": [{"n": 1, **line}]}
    return till.post("/receipts", receipt).json["receipt_id"]


def test_a_certificate_is_sold_checked_and_spent(till: Api):
    sold = buy(till, "1", gross=100000, category="gift_certificate")
    issued = till.post(f"/receipts/{sold}/certificates", None, key="k1")
    assert issued.status_code == 201, issued.json
    (certificate,) = issued.json["issued"]
    assert certificate["value"] == 100000
    assert till.post(f"/receipts/{sold}/certificates", None, key="k1").json == issued.json
    bought = buy(till, "2", gross=30000)
    paid = till.post(f"/receipts/{bought}/certificates/pay", {"code": certificate["code"]}).json
    assert (paid["paid"], paid["due"]) == (30000, 0)
    assert till.post("/certificates/check", {"code": certificate["code"]}).json["left"] == 70000
    back = till.post(f"/receipts/{bought}/refunds", {"lines": {"1": 1}, "at": NOON.isoformat()}).json
    assert (back["money"], back["certificates"]) == (30000, 30000)


def test_a_receipt_that_is_closed_is_refused_as_described(till: Api):
    bought = buy(till, "1", gross=30000)
    till.now += timedelta(hours=1)
    path = f"/receipts/{bought}/certificates/pay"
    problem(till.post(path, {"code": "1" * 25}), 410, "receipt-closed")
    described = till.get("/openapi.json").json["paths"]["/api/v1/receipts/{receipt_id}/certificates/pay"]["post"]
    assert "410" in described["responses"]


def test_what_is_no_certificate_is_refused(till: Api):
    problem(till.post("/certificates/check", {"code": "1" * 25}), 422, "certificate-not-good")
