"""The same command twenty times at once, on both databases: done once, answered the same to all."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from portal.db import Afterwards, transaction
from portal.factory import create_app
from portal.programme.publish_rulebook import publish_rulebook
from portal.rulebook.document import load_json
from tests.api.conftest import NOON, RULEBOOK, Api, joining, receipt
from tests.api.test_members import rotating_code
from tests.conftest import local_settings

TWENTY = 20
TEN = 10  # the gate keeps half of its places for tills


@pytest.fixture
def owner(engine: Engine) -> Iterator[Api]:
    with transaction(engine, writes=True) as session:
        long_ago = NOON - timedelta(days=365)
        publish_rulebook(session, load_json(RULEBOOK), effective_from=long_ago, now=long_ago)
    app = create_app(local_settings(engine, api_rate=0))
    yield Api(app).key("till", "shop", "crm", "admin")
    app.extensions["engine"].dispose()


@pytest.fixture
def ada(owner: Api) -> dict[str, Any]:
    member = owner.post("/members", joining()).json["member"]
    grant = {"points": 500, "reason": "goodwill", "comment": "a present"}
    assert owner.post(f"/members/{member['id']}/adjustments", grant).status_code == 201
    return member


def at_once(call: Callable[[int], TestResponse], *, times: int = TWENTY) -> list[TestResponse]:
    barrier = threading.Barrier(times)

    def one(number: int) -> TestResponse:
        barrier.wait()
        return call(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def same_answer(answers: list[TestResponse], status: int) -> Any:
    assert {answer.status_code for answer in answers} == {status}
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 1
    assert all(answer.json == answers[0].json for answer in answers)
    return answers[0].json


def test_the_same_receipt_is_posted_once(owner: Api, ada: dict[str, Any]):
    body = receipt(member={"id": ada["id"]}, points_requested=100)
    told = same_answer(at_once(lambda _: owner.post("/receipts", body, key="k")), 201)
    assert told["balance"]["available"] == 500 - 100 + 7
    assert len(owner.ask("select 1 from receipt")) == 1


def test_the_same_receipt_under_twenty_keys_is_posted_once(owner: Api, ada: dict[str, Any]):
    body = receipt(member={"id": ada["id"]})
    same_answer(at_once(lambda number: owner.post("/receipts", body, key=f"k{number}")), 201)
    assert owner.get(f"/members/{ada['id']}/balance").json["available"] == 512


def test_twenty_tills_never_overspend(owner: Api, ada: dict[str, Any]):
    def spend(number: int) -> TestResponse:
        return owner.post("/receipts", receipt(str(number), member={"id": ada["id"]}, points_requested=100))

    answers = at_once(spend)
    spent = sum(answer.json["points_spent"] for answer in answers if answer.status_code == 201)
    earned = sum(answer.json["earned"].get(ada["id"], 0) for answer in answers if answer.status_code == 201)
    assert {answer.status_code for answer in answers} <= {201, 422}
    assert spent <= 500 + earned
    assert owner.get(f"/members/{ada['id']}/balance").json["available"] == 500 + earned - spent


def test_a_hold_is_made_and_captured_once(owner: Api, ada: dict[str, Any]):
    body = {"member": {"id": ada["id"]}, "points": 100}
    hold = same_answer(at_once(lambda _: owner.post("/holds", body, key="h")), 201)
    path = f"/holds/{hold['id']}/capture"
    told = same_answer(at_once(lambda _: owner.post(path, {"points": 60}, key="c")), 200)
    assert told["balance"]["available"] == 440


def test_one_contact_is_one_member(owner: Api):
    answers = at_once(lambda number: owner.post("/members", joining(), key=f"j{number}"), times=TEN)
    assert sorted(answer.status_code for answer in answers) == [200] * 9 + [201]
    assert len({answer.json["member"]["id"] for answer in answers}) == 1


def test_a_correction_is_confirmed_once(owner: Api, ada: dict[str, Any]):
    large = {"points": 1_000, "reason": "goodwill", "comment": "large"}
    asked = owner.post(f"/members/{ada['id']}/adjustments", large).json
    second = owner.key("crm")

    def confirm(number: int) -> TestResponse:
        return second.call("POST", f"/adjustments/{asked['id']}/confirm", headers={"Idempotency-Key": f"c{number}"})

    answers = at_once(confirm, times=TEN)
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
    assert owner.get(f"/members/{ada['id']}/balance").json["available"] == 1_500


def test_goods_that_claim_one_barcode_at_once_all_come_in_and_one_has_it(owner: Api):
    def put(number: int) -> TestResponse:
        told = {"title": "Soap", "price": 100, "barcode": "2000000000015"}
        return owner.send("PUT", f"/products/{number}", told, key=f"p{number}")

    answers = at_once(put, times=TEN)
    assert {answer.status_code for answer in answers} == {200}
    assert len(owner.ask("select 1 from product")) == TEN
    assert len(owner.ask("select 1 from product where barcode is not null")) == 1


def test_one_code_scanned_by_ten_tills_at_once_pays_one_of_them(owner: Api, ada: dict[str, Any]):
    owner.app.extensions["afterwards"] = Afterwards(owner.app.extensions["engine"])
    tills, code = [owner.key("till") for _ in range(TEN)], rotating_code(owner, ada)
    seen = at_once(lambda n: tills[n].post("/members/identify", {"code": code}), times=TEN)
    assert "fresh" in {answer.json["proof"] for answer in seen}
    paid = at_once(
        lambda n: tills[n].post("/receipts", receipt(f"R-{n}", member={"code": code}, points_requested=100)), times=TEN
    )
    assert Counter(answer.status_code for answer in paid) == {201: 1, 422: TEN - 1}
    [account] = owner.ask("select available from account where wallet = 'points'")
    assert account.available == 500 - 100 + 7
