from typing import Any

import pytest

from tests.api.conftest import CANARY, Api, problem, receipt, stored


def test_a_quote_stores_nothing_and_a_commit_comes_to_the_same(till: Api, ada: dict[str, Any]):
    before = stored(till)
    body = receipt(member={"phone": "8 (916) 123-45-67"})
    quote = till.post("/receipts/quote", body)
    assert quote.status_code == 200
    assert stored(till) == before
    commit = till.post("/receipts", body)
    assert commit.status_code == 201
    same = ("total", "discount", "points_spent", "due", "earned", "lines", "skipped", "rulebook")
    assert {name: quote.json[name] for name in same} == {name: commit.json[name] for name in same}
    assert quote.json["receipt_id"] is None
    assert commit.json["earned"] == {ada["id"]: 12}
    assert commit.json["lines"] == [{"n": 1, "gross": 25000, "discount": 0, "points": 0, "paid": 25000}]
    [grant] = commit.json["grants"]
    assert grant["rule"] == "base5"
    assert grant["exact"] == "25/2"
    assert grant["text"]
    assert commit.json["balance"]["available"] == 512
    assert commit.json["entries"]


def test_a_guest_is_recorded_without_points(till: Api):
    answer = till.post("/receipts", receipt(member=None))
    assert answer.status_code == 201
    assert answer.json["earned"] == {}
    assert answer.json["balance"] is None


def test_the_same_key_and_body_get_the_same_answer_and_nothing_happens_twice(till: Api, ada: dict[str, Any]):
    body = receipt(member={"id": ada["id"]})
    first = till.post("/receipts", body, key="k")
    kept = stored(till)
    again = till.post("/receipts", dict(reversed(body.items())), key="k")
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (again.status_code, again.json) == (201, first.json)
    assert stored(till) == kept


def test_the_same_key_with_another_body_is_a_conflict(till: Api):
    till.post("/receipts", receipt(), key="k")
    kept = stored(till)
    problem(till.post("/receipts", receipt("T3-2"), key="k"), 409, "idempotency-conflict")
    problem(till.post("/holds", {"member": {"code": "1"}, "points": 1}, key="k"), 409, "idempotency-conflict")
    assert stored(till) == kept


def test_keys_of_two_clients_do_not_meet(shop: Api):
    first, second = shop.key("till"), shop.key("till")
    assert first.post("/receipts", receipt("1"), key="k").status_code == 201
    assert second.post("/receipts", receipt("2"), key="k").status_code == 201


def test_the_same_receipt_under_another_key_is_the_same_receipt(till: Api, ada: dict[str, Any]):
    body = receipt(member={"id": ada["id"]})
    first = till.post("/receipts", body)
    again = till.post("/receipts", body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json == first.json
    problem(till.post("/receipts", receipt(member=None)), 409, "receipt-conflict")


def test_texts_are_in_the_language_of_the_caller(web_shop: Api, ada: dict[str, Any]):
    body = receipt(member={"id": ada["id"]})
    texts = {}
    for language in ("ru", "en"):
        headers = {"Accept-Language": language}
        answer = web_shop.call("POST", "/receipts/quote", json=body, headers=headers)
        texts[language] = answer.json["grants"][0]["text"]
    assert "балл" in texts["ru"]
    assert "балл" not in texts["en"]


def test_points_are_spent_by_a_shop_that_vouches_and_not_with_a_static_number(
    till: Api, web_shop: Api, ada: dict[str, Any]
):
    body = receipt(member={"code": ada["card_number"]}, points_requested=100)
    problem(till.post("/receipts", body), 422, "rotating-code-required")
    spent = web_shop.post("/receipts", body).json
    assert (spent["points_spent"], spent["due"]) == (100, 15_000)
    maximum = web_shop.post("/receipts/quote", receipt("2", member={"id": ada["id"]}, points_requested="max"))
    assert maximum.json["points_spent"] == maximum.json["limits"]["max_points"]


def test_more_points_than_there_are_is_refused(web_shop: Api, ada: dict[str, Any]):
    body = receipt(member={"id": ada["id"]}, points_requested=10_000)
    kept = stored(web_shop)
    problem(web_shop.post("/receipts", body), 422, "not-enough-points")
    assert stored(web_shop) == kept


def test_goods_come_back_in_parts_and_once(till: Api, ada: dict[str, Any]):
    body = receipt(member={"id": ada["id"]})
    body["lines"] = [{"n": 1, "gross": 10_000, "qty": 3}]
    path = f"/receipts/{till.post('/receipts', body).json['receipt_id']}/refunds"
    told = [till.post(path, {"lines": {"1": 1}, "at": "2026-03-04T15:00:00+03:00"}).json for _ in range(3)]
    assert [answer["money"] for answer in told] == [3333, 3333, 3334]
    assert sum(answer["reversed"]["base5"] for answer in told) == 5
    assert told[-1]["balance"]["available"] == 500
    refused = till.post(path, {"lines": {"1": 1}, "at": "2026-03-04T15:00:00+03:00"})
    problem(refused, 422, "already-refunded")


def test_a_refund_is_answered_again_under_its_key(till: Api):
    path = f"/receipts/{till.post('/receipts', receipt()).json['receipt_id']}/refunds"
    body = {"lines": {"1": "1"}, "at": "2026-03-04T15:00:00+03:00"}
    first = till.post(path, body, key="r")
    again = till.post(path, body, key="r")
    assert first.status_code == again.status_code == 201
    assert again.json == first.json
    assert again.headers["Idempotent-Replayed"] == "true"


def test_a_receipt_is_looked_up_by_id_and_by_number(till: Api, shop: Api, office: Api):
    made = till.post("/receipts", receipt()).json
    till.post(f"/receipts/{made['receipt_id']}/refunds", {"lines": {"1": 1}, "at": "2026-03-04T15:00:00+03:00"})
    by_id = till.get(f"/receipts/{made['receipt_id']}").json
    by_number = till.get("/receipts", store="S1", number="T3-1").json
    assert by_id == by_number
    assert by_id["answer"] == made
    assert by_id["fully_returned"] is True
    assert [refund["lines"] for refund in by_id["refunds"]] == [{"1": "1"}]
    problem(till.get("/receipts", store="S1", number="T3-9"), 404, "unknown-receipt")
    problem(till.get("/receipts/nothing"), 404, "unknown-receipt")
    problem(shop.key("till", store="S2").get(f"/receipts/{made['receipt_id']}"), 403, "store-not-allowed")


@pytest.mark.parametrize(
    ("deed", "body"),
    [
        ("refunds", {"lines": {"1": 1}, "at": "2026-03-04T15:00:00+03:00"}),
        ("certificates", None),
        ("certificates/pay", {"code": "1" * 25}),
    ],
)
def test_a_key_of_another_store_does_nothing_to_a_receipt(till: Api, shop: Api, deed: str, body: Any):
    made = till.post("/receipts", receipt()).json["receipt_id"]
    elsewhere, here = shop.key("till", store="S2"), shop.key("till", store="S1")
    problem(elsewhere.post(f"/receipts/{made}/{deed}", body), 403, "store-not-allowed")
    problem(elsewhere.post(f"/receipts/nothing/{deed}", body), 404, "unknown-receipt")
    assert here.post(f"/receipts/{made}/{deed}", body).status_code != 403
    assert till.get(f"/receipts/{made}").json["fully_returned"] is (deed == "refunds")


LINE = {"n": 1, "gross": 100}
BAD = [
    ({"number": ""}, "invalid-body"), ({"number": "x" * 81}, "invalid-body"), ({"number": 1}, "invalid-body"),
    ({"number": None}, "invalid-body"), ({"store": "x" * 41}, "invalid-body"), ({"till": "x" * 41}, "invalid-body"),
    ({"channel": ""}, "invalid-body"), ({"colour": "red"}, "invalid-body"),
    ({"at": "2026-03-04T12:00:00"}, "invalid-body"), ({"at": "2026-03-04"}, "invalid-body"),
    ({"at": 1772625600}, "invalid-body"), ({"at": "2026-02-30T12:00:00Z"}, "invalid-body"),
    ({"at": "0001-01-01T00:00:00+14:00"}, "invalid-body"), ({"at": "9999-12-31T23:59:59-12:00"}, "invalid-body"),
    ({"at": "2026-03-04T12:00:00+99:99"}, "invalid-body"), ({"at": CANARY * 1_000}, "invalid-body"),
    ({"at": "2026-03-04T12:02:01Z"}, "receipt-in-the-future"),
    ({"at": "2027-03-04T12:00:00Z"}, "receipt-in-the-future"),
    ({"at": "2025-03-05T12:00:00Z"}, "receipt-too-old"),
    ({"currency": "USD"}, "foreign-currency"), ({"currency": "rub"}, "invalid-body"),
    ({"currency": 643}, "invalid-body"),
    ({"points_requested": -1}, "invalid-body"), ({"points_requested": 1.5}, "invalid-body"),
    ({"points_requested": "all"}, "invalid-body"), ({"points_requested": True}, "invalid-body"),
    ({"points_requested": 10**13}, "invalid-body"), ({"points_requested": 5}, "member-required"),
    ({"member": {}}, "invalid-body"), ({"member": "1234"}, "invalid-body"), ({"member": []}, "invalid-body"),
    ({"member": {"id": "1", "code": "2"}}, "invalid-body"), ({"member": {"id": None}}, "invalid-body"),
    ({"member": {"code": ""}}, "invalid-body"), ({"member": {"code": CANARY}}, "wrong-code"),
    ({"member": {"code": "1" * 26}}, "wrong-code"), ({"member": {"code": "1" * 320}}, "wrong-code"),
    ({"member": {"id": CANARY}}, "wrong-member-id"), ({"member": {"id": "0" * 26}}, "unknown-member"),
    ({"member": {"phone": CANARY}}, "wrong-phone"), ({"member": {"phone": "+79160000000"}}, "unknown-member"),
    ({"member": {"email": "nobody@example.org"}}, "unknown-member"), ({"member": {"email": CANARY}}, "wrong-email"),
    ({"hold": "0" * 26}, "unknown-hold"), ({"coupons": "FREE"}, "invalid-body"), ({"coupons": [1]}, "invalid-body"),
    ({"lines": []}, "invalid-body"), ({"lines": {}}, "invalid-body"), ({"lines": None}, "invalid-body"),
    ({"lines": [LINE] * 2}, "invalid-body"), ({"lines": [LINE | {"n": n} for n in range(1, 1002)]}, "invalid-body"),
    ({"lines": [LINE | {"n": 0}]}, "invalid-body"), ({"lines": [LINE | {"n": "1"}]}, "invalid-body"),
    ({"lines": [LINE | {"n": 1.5}]}, "invalid-body"), ({"lines": [LINE | {"gross": -1}]}, "invalid-body"),
    ({"lines": [LINE | {"gross": 10**12 + 1}]}, "invalid-body"), ({"lines": [LINE | {"gross": 0.5}]}, "invalid-body"),
    ({"lines": [LINE | {"gross": "100"}]}, "invalid-body"), ({"lines": [LINE | {"gross": True}]}, "invalid-body"),
    ({"lines": [LINE | {"gross": 2**63}]}, "invalid-body"), ({"lines": [LINE | {"qty": 0}]}, "invalid-body"),
    ({"lines": [LINE | {"qty": -1}]}, "invalid-body"), ({"lines": [LINE | {"qty": "0.0001"}]}, "invalid-body"),
    ({"lines": [LINE | {"qty": ""}]}, "invalid-body"), ({"lines": [LINE | {"qty": "NaN"}]}, "invalid-body"),
    ({"lines": [LINE | {"qty": "1e999999999"}]}, "invalid-body"), ({"lines": [LINE | {"qty": True}]}, "invalid-body"),
    ({"lines": [LINE | {"qty": "1_0"}]}, "invalid-body"), ({"lines": [LINE | {"qty": "１"}]}, "invalid-body"),
    ({"lines": [LINE | {"qty": None}]}, "invalid-body"), ({"lines": [LINE | {"title": "x" * 201}]}, "invalid-body"),
    ({"lines": [LINE | {"tags": ["x"] * 51}]}, "invalid-body"), ({"lines": [LINE | {"tags": "x"}]}, "invalid-body"),
    ({"lines": [LINE | {"discount": 5}]}, "invalid-body"), ({"lines": [1]}, "invalid-body"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "code"), BAD, ids=[f"{n}-{code}" for n, (_, code) in enumerate(BAD)])
def test_a_bad_receipt_is_a_clear_problem_and_stores_nothing(till: Api, wrong: dict[str, Any], code: str):
    before = stored(till)
    answer = till.post("/receipts", receipt(**wrong))
    told = problem(answer, 404 if code in {"unknown-member", "unknown-hold"} else 422, code)
    if code == "invalid-body":
        assert any(error["path"].split(".")[0] == next(iter(wrong)) for error in told["errors"])
    assert len(answer.data) < 10_000
    assert stored(till) == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"lines": {}}, {"lines": {"1": 0}}, {"lines": {"1": -1}}, {"lines": {"x": 1}}, {"lines": {"01": 1}},
        {"lines": {"1": "1e9"}}, {"lines": [1]}, {"lines": {"1" * 400: 1}}, {"at": "2026-03-04"}, {"at": None},
        {"all": True}, {"lines": {"²": 1}},
    ],
)  # fmt: skip
def test_a_bad_refund_is_a_clear_problem_and_stores_nothing(till: Api, wrong: dict[str, Any]):
    path = f"/receipts/{till.post('/receipts', receipt()).json['receipt_id']}/refunds"
    before = stored(till)
    problem(till.post(path, {"lines": {"1": 1}, "at": "2026-03-04T15:00:00+03:00", **wrong}), 422, "invalid-body")
    assert stored(till) == before


@pytest.mark.parametrize(
    ("lines", "at", "code"),
    [
        ({"2": 1}, "2026-03-04T15:00:00+03:00", "unknown-line"),
        ({"1": 2}, "2026-03-04T15:00:00+03:00", "already-refunded"),
        ({"1": 1}, "2026-03-04T14:58:59+03:00", "refund-too-early"),
        ({"1": 1}, "2026-03-04T15:03:00+03:00", "refund-in-the-future"),
    ],
)
def test_an_impossible_refund_is_refused(till: Api, lines: dict[str, Any], at: str, code: str):
    path = f"/receipts/{till.post('/receipts', receipt()).json['receipt_id']}/refunds"
    before = stored(till)
    problem(till.post(path, {"lines": lines, "at": at}), 422, code)
    problem(till.post("/receipts/nothing/refunds", {"lines": lines, "at": at}), 404, "unknown-receipt")
    assert stored(till) == before


def test_a_whole_number_may_be_written_with_a_point(till: Api):
    answer = till.post("/receipts", receipt(lines=[LINE | {"gross": 25_000.0, "qty": 2.0, "n": 1.0}]))
    assert answer.json["total"] == 25_000


def test_an_old_receipt_is_taken_from_an_operator(shop: Api):
    old = receipt(at="2025-03-05T12:00:00Z")
    assert shop.key("admin").post("/receipts", old).status_code == 201


def test_whoever_tries_coupons_out_is_told_when_to_come_again(till: Api, ada: dict[str, Any]):
    told = receipt(member={"id": ada["id"]}, coupons=[f"GUESS-{number}" for number in range(20)])
    assert till.post("/receipts/quote", told).status_code == 200
    problem(till.post("/receipts/quote", told), 429, "too-many-guesses")
