"""What stands before every operation: keys, scopes, pace, media types, JSON, and problems that repeat nothing."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app

from portal.api.api import api
from portal.api.pace import Pace
from portal.db import make_engine, transaction
from portal.staff import operations as staff
from portal.web.bodies import MOST_BYTES
from tests.api.conftest import CANARY, Api, problem, receipt, stored

BATCHED = {"key": "1", "receipt": receipt()}


def nothing_was_stored(shop: Api) -> bool:
    return not any(stored(shop).values())


def test_a_call_without_a_key_is_refused(shop: Api):
    answer = shop.post("/receipts/quote", receipt())
    problem(answer, 401, "unauthorized")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("given", ["Basic YTpi", "Bearer", "Bearer wrong", "Bearer a b", "bearer \xff", ""])
def test_a_wrong_key_is_refused(shop: Api, given: str):
    problem(shop.call("POST", "/receipts/quote", headers={"Authorization": given}), 401, "unauthorized")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_of_a_key_may_be_written_as_one_likes(shop: Api, till: Api, scheme: str):
    answer = shop.call("POST", "/receipts/quote", headers={"Authorization": f"{scheme} {till.secret}"})
    problem(answer, 415, "not-json-media-type")


def test_a_revoked_key_is_refused_at_once(shop: Api, till: Api):
    assert till.post("/receipts/quote", receipt()).status_code == 200
    with transaction(shop.app.extensions["engine"], writes=True) as session:
        key_id = shop.ask("select id from api_key")[0].id
        staff.revoke_key(session, key_id, now=shop.now)
    problem(till.post("/receipts/quote", receipt()), 401, "unauthorized")


def test_every_operation_refuses_a_key_of_another_scope(shop: Api):
    for operation in api.operations:
        others = [scope for scope in ("till", "shop", "crm", "admin") if scope not in operation.scopes]
        if others:
            path = operation.path.replace("<", "").replace(">", "")
            problem(shop.key(*others).call(operation.method, path), 403, "scope-missing")


def test_a_key_of_a_store_tells_no_receipt_of_another(shop: Api, till: Api):
    problem(till.post("/receipts", receipt(store="S2")), 403, "store-not-allowed")
    problem(till.post("/receipts/quote", receipt(store="S2")), 403, "store-not-allowed")
    assert nothing_was_stored(shop)


@pytest.mark.parametrize("shop", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.parametrize(("path", "body"), [("/receipts", receipt()), ("/receipts/batch", {"items": [BATCHED]})])
def test_the_use_of_a_key_is_noted(shop: Api, till: Api, path: str, body: dict[str, Any]):
    assert till.post(path, body).status_code < 300
    [key] = shop.ask("select last_used_at from api_key")
    assert key.last_used_at


def test_a_key_that_calls_too_often_is_told_when_to_come_again(shop: Api, till: Api):
    shop.app.extensions["api_pace"] = Pace(rate=1)
    answers = [till.post("/receipts/quote", receipt()) for _ in range(5)]
    assert [answer.status_code for answer in answers[:3]] == [200, 200, 200]
    problem(answers[-1], 429, "too-many-requests")
    assert int(answers[-1].headers["Retry-After"]) >= 1


def test_a_bucket_fills_again():
    pace = Pace(rate=10)
    assert [pace.wait("a", at=0.0) for _ in range(31)] == [0] * 30 + [1]
    assert pace.wait("b", at=0.0) == 0
    assert pace.wait("a", at=0.1) == 0
    assert pace.wait("a", at=0.1) == 1
    assert Pace(rate=0).wait("a", at=0.0) == 0


@pytest.mark.parametrize(
    ("body", "form", "status", "code"),
    [
        (b"{}", "text/plain", 415, "not-json-media-type"),
        (b"{}", None, 415, "not-json-media-type"),
        (b"{}", "application/json; charset=cp1251", 415, "not-json-media-type"),
        (b"", "application/json", 400, "not-json"),
        (b'{"number": "canary-79161234567"', "application/json", 400, "not-json"),
        (b'{"number": "\xd0"}', "application/json", 400, "not-utf-8"),
        (b'\xff\xfe{\x00}\x00', "application/json", 400, "not-utf-8"),
        (b'{"gross": NaN}', "application/json", 400, "not-json"),
        (b'{"gross": Infinity}', "application/json", 400, "not-json"),
        (b'{"number": "1", "number": "2"}', "application/json", 400, "not-json"),
        (b'{"number": "\\u0000"}', "application/json", 400, "not-text"),
        (b'{"number": "\\ud800"}', "application/json", 400, "not-text"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "application/json", 400, "not-json"),
        (b'{"n": 1' + b"0" * 5_000 + b"}", "application/json", 400, "not-json"),
        (b"[]", "application/json", 422, "invalid-body"),
        (b"null", "application/json", 422, "invalid-body"),
        (b'"' + b"a" * 262_144 + b'"', "application/json", 413, "request-entity-too-large"),
    ],
)  # fmt: skip
def test_a_broken_body_is_a_clear_problem(till: Api, body: bytes, form: str | None, status: int, code: str):
    headers = {"Idempotency-Key": "k"}
    problem(till.call("POST", "/receipts", data=body, content_type=form, headers=headers), status, code)
    assert nothing_was_stored(till)


def test_a_body_of_exactly_the_largest_size_is_read(till: Api):
    padded = json.dumps(receipt()).ljust(MOST_BYTES)
    headers = {"Idempotency-Key": "k"}
    answer = till.call("POST", "/receipts", data=padded, content_type="application/json", headers=headers)
    assert answer.status_code == 201


def test_a_body_without_a_length_may_not_be_too_large_either(till: Api):
    headers = {"Authorization": f"Bearer {till.secret}", "Idempotency-Key": "k", "Content-Type": "application/json"}
    environ = EnvironBuilder("/api/v1/receipts", method="POST", headers=headers).get_environ()
    environ.pop("CONTENT_LENGTH", None)
    environ |= {"wsgi.input": Endless(), "wsgi.input_terminated": True}
    problem(TestResponse(*run_wsgi_app(till.app, environ), None), 413, "request-entity-too-large")


class Endless:
    """A body that never ends."""

    def read(self, size: int = -1) -> bytes:
        return b"[" * (size if size > 0 else 65_536)

    def readinto(self, buffer: bytearray) -> int:
        buffer[:] = b"[" * len(buffer)
        return len(buffer)

    def close(self) -> None:
        pass


@pytest.mark.parametrize("key", ["", "a" * 201, "ключ", "a\tb"])
def test_a_command_needs_its_key(till: Api, key: str):
    headers = {"Idempotency-Key": key.encode().decode("latin-1")} if key else {}
    answer = till.call(
        "POST", "/receipts", data=json.dumps(receipt()), content_type="application/json", headers=headers
    )
    told = problem(answer, 422, "idempotency-key-needed")
    assert told["errors"][0]["path"] == "Idempotency-Key"
    assert nothing_was_stored(till)


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_another_method_is_told_which_there_are(till: Api, method: str):
    answer = till.call(method, "/holds")
    problem(answer, 405, "method-not-allowed")
    assert "POST" in answer.headers["Allow"]


def test_an_unknown_address_is_a_problem_and_not_a_page(till: Api):
    problem(till.get(f"/{CANARY}"), 404, "not-found")
    assert till.app.test_client().get("/nothing").content_type.startswith("text/html")


def test_what_is_wrong_is_told_with_its_path_but_not_with_its_value(till: Api):
    body = receipt(member={"phone": CANARY, "id": CANARY}, at=CANARY, colour=CANARY)
    body["lines"][0] |= {"gross": CANARY, "qty": CANARY, "weight": CANARY}
    told = problem(till.post("/receipts", body), 422, "invalid-body")
    paths = {error["path"] for error in told["errors"]}
    assert {"at", "colour", "lines.0.gross", "lines.0.qty", "lines.0.weight", "member"} <= paths


def test_a_list_is_not_called_too_short_because_its_parts_are_wrong(till: Api):
    told = problem(till.post("/receipts", receipt(lines=[{"n": 1, "gross": "1"}])), 422, "invalid-body")
    assert [error["path"] for error in told["errors"]] == ["lines.0.gross"]
    told = problem(till.post("/receipts", receipt(lines=[])), 422, "invalid-body")
    assert [error["path"] for error in told["errors"]] == ["lines"]


def test_a_long_list_of_errors_is_cut(till: Api):
    body = receipt(lines=[{"n": "x"}] * 500, **{"x" * 5_000: 1})
    told = problem(till.post("/receipts", body), 422, "invalid-body")
    assert len(told["errors"]) == 20
    assert max(len(error["path"]) for error in told["errors"]) <= 100


def test_a_parameter_given_twice_is_refused(shop: Api):
    crm = shop.key("crm", "till")
    problem(crm.call("GET", "/receipts?store=S1&store=S2&number=1"), 422, "invalid-parameters")


def test_problems_speak_the_language_of_the_caller(till: Api):
    russian = till.call("GET", "/nothing", headers={"Accept-Language": "ru"}).json
    english = till.call("GET", "/nothing", headers={"Accept-Language": "en"}).json
    assert english["detail"] == "There is nothing at this address."
    assert russian["detail"] != english["detail"]
    assert russian["code"] == english["code"]


def test_a_database_that_is_away_is_told_and_comes_again(till: Api):
    engine: Engine = till.app.extensions["engine"]
    engine.dispose()
    till.app.extensions["engine"] = broken_engine()
    answer = till.post("/receipts", receipt())
    problem(answer, 503, "database-away")
    assert answer.headers["Retry-After"]
    till.app.extensions["engine"] = engine
    assert till.post("/receipts", receipt()).status_code == 201


def broken_engine() -> Engine:
    return make_engine("postgresql://nobody@127.0.0.1:1/nothing?connect_timeout=1")


def test_clocks_that_differ_a_little_are_forgiven(till: Api):
    ahead = (till.now + timedelta(seconds=119)).isoformat()
    assert till.post("/receipts", receipt(at=ahead)).status_code == 201
    too_far = (till.now + timedelta(seconds=121)).isoformat()
    problem(till.post("/receipts", receipt("T3-2", at=too_far)), 422, "receipt-in-the-future")
