from typing import Any

from tests.api.conftest import CANARY, Api, problem, receipt


def item(key: str, **told: Any) -> dict[str, Any]:
    return {"key": key, "receipt": receipt(key, **told)}


def test_each_receipt_of_a_batch_is_recorded_or_refused_by_itself(till: Api, ada: dict[str, Any]):
    items = [
        item("1", member={"id": ada["id"]}),
        item("2", at="2027-01-01T00:00:00Z"),
        item("3", lines=[]),
        item("4", store="S2"),
        item("5", member={"id": ada["id"]}, points_requested=5),
        {"key": "6", "receipt": {"phone": CANARY}},
        item("1", member={"id": ada["id"]}),
        item("8"),
    ]
    answer = till.post("/receipts/batch", {"items": items})
    assert answer.status_code == 200
    assert CANARY not in answer.text
    results = answer.json["results"]
    assert [result["key"] for result in results] == ["1", "2", "3", "4", "5", "6", "1", "8"]
    assert [result["status"] for result in results] == [201, 422, 422, 403, 422, 422, 201, 201]
    codes = [result["problem"] and result["problem"]["code"] for result in results]
    assert codes == [
        None, "receipt-in-the-future", "invalid-body", "store-not-allowed", "no-points-offline", "invalid-body", None,
        None,
    ]  # fmt: skip
    assert (results[0]["replayed"], results[6]["replayed"]) == (False, True)
    assert results[6]["receipt"] == results[0]["receipt"]
    assert [row.number for row in till.ask("select number from receipt order by number")] == ["1", "8"]


def test_a_batch_told_again_changes_nothing(till: Api):
    items = [item(str(number)) for number in range(5)]
    first = till.post("/receipts/batch", {"items": items}).json["results"]
    again = till.post("/receipts/batch", {"items": items}).json["results"]
    assert [result["receipt"] for result in again] == [result["receipt"] for result in first]
    assert all(result["replayed"] for result in again)
    alone = till.post("/receipts", receipt("3"), key="3")
    assert alone.headers["Idempotent-Replayed"] == "true"


def test_a_batch_is_not_empty_nor_endless(till: Api):
    problem(till.post("/receipts/batch", {"items": []}), 422, "invalid-body")
    problem(till.post("/receipts/batch", {"items": [{"key": "", "receipt": {}}]}), 422, "invalid-body")
    many = [{"key": str(number), "receipt": {}} for number in range(501)]
    problem(till.post("/receipts/batch", {"items": many}), 422, "invalid-body")
