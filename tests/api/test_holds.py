from typing import Any

import pytest

from tests.api.conftest import Api, problem, receipt, stored
from tests.api.test_members import rotating_code


def held(web_shop: Api, ada: dict[str, Any], points: int = 200, **told: Any) -> dict[str, Any]:
    answer = web_shop.post("/holds", {"member": {"id": ada["id"]}, "points": points, **told})
    assert answer.status_code == 201, answer.text
    return answer.json


def test_points_are_set_aside_and_a_receipt_is_paid_by_them(web_shop: Api, till: Api, ada: dict[str, Any]):
    hold = held(web_shop, ada)
    assert (hold["points"], hold["state"]) == (200, "active")
    assert (hold["balance"]["available"], hold["balance"]["held"]) == (300, 200)
    body = receipt(member={"id": ada["id"]}, hold=hold["id"], points_requested=150)
    paid = till.post("/receipts", body).json
    assert paid["points_spent"] == 150
    assert (paid["balance"]["available"], paid["balance"]["held"]) == (500 - 150 + 5, 0)


def test_a_hold_is_captured_once(web_shop: Api, ada: dict[str, Any]):
    path = f"/holds/{held(web_shop, ada)['id']}/capture"
    first = web_shop.post(path, {"points": 120}, key="c")
    again = web_shop.post(path, {"points": 120}, key="c")
    assert first.json["captured"] == 120
    assert first.json["balance"]["available"] == 380
    assert again.json == first.json
    assert again.headers["Idempotent-Replayed"] == "true"
    problem(web_shop.post(path, {"points": 120}), 409, "hold-ended")
    problem(web_shop.post(path, {"points": 121}, key="c"), 409, "idempotency-conflict")


def test_a_hold_is_given_back(web_shop: Api, ada: dict[str, Any]):
    hold = held(web_shop, ada)
    void = web_shop.call("POST", f"/holds/{hold['id']}/void", headers={"Idempotency-Key": "v"})
    assert (void.json["state"], void.json["balance"]["available"]) == ("voided", 500)


def test_a_static_number_sets_nothing_aside(till: Api, ada: dict[str, Any]):
    body = {"member": {"code": ada["card_number"]}, "points": 100}
    problem(till.post("/holds", body), 422, "rotating-code-required")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"points": 0}, "invalid-body"),
        ({"points": -5}, "invalid-body"),
        ({"points": "5"}, "invalid-body"),
        ({"points": 501}, "not-enough-points"),
        ({"ttl_seconds": 0}, "invalid-body"),
        ({"ttl_seconds": 86_401}, "invalid-body"),
        ({"member": None}, "invalid-body"),
    ],
)
def test_a_bad_hold_is_a_clear_problem_and_stores_nothing(
    web_shop: Api, ada: dict[str, Any], body: dict[str, Any], code: str
):
    before = stored(web_shop)
    problem(web_shop.post("/holds", {"member": {"id": ada["id"]}, "points": 5, **body}), 422, code)
    assert stored(web_shop) == before


def test_an_unknown_hold_is_told_so(web_shop: Api):
    problem(web_shop.post(f"/holds/{'0' * 26}/capture", {"points": 1}), 404, "unknown-hold")
    problem(web_shop.post("/holds/nothing/capture", {"points": 1}), 404, "unknown-hold")


def test_a_shop_that_vouches_needs_no_fresh_code(web_shop: Api, till: Api, ada: dict[str, Any]):
    code = rotating_code(web_shop, ada)
    paid = till.post("/receipts", receipt(member={"code": code}, points_requested=100))
    assert paid.status_code == 201, paid.text
    assert held(web_shop, ada, member={"code": code})["state"] == "active"
