import json
from typing import Any

import pytest

from tests.api.conftest import Api, problem, stored

KEY = {"Idempotency-Key": "deep"}


def event(by: dict[str, Any], /, **told: Any) -> dict[str, Any]:
    return {
        "id": "review/7",
        "type": "review",
        "member": {"id": by["id"]},
        "at": "2026-03-04T12:00:00Z",
        "fields": {"stars": 5, "words": ["good", None], "depth": {"a": 1.5}},
        **told,
    }


def test_an_event_is_kept_once(web_shop: Api, ada: dict[str, Any]):
    first = web_shop.post("/events", event(ada))
    assert (first.status_code, first.json["moved"]) == (201, [])
    again = web_shop.post("/events", event(ada))
    assert again.status_code == 201
    assert web_shop.ask("select count(*) as n from member_event")[0].n == 1
    problem(web_shop.post("/events", event(ada, type="visit")), 409, "event-conflict")


def test_what_an_event_told_is_forgotten_with_the_member(web_shop: Api, shop: Api, ada: dict[str, Any]):
    web_shop.post("/events", event(ada, fields={"text": "Ada said so"}))
    assert shop.key("crm").call("DELETE", f"/members/{ada['id']}", headers={"Idempotency-Key": "k"}).status_code == 200
    ((told,),) = web_shop.ask("select fields from member_event")
    assert told in ({}, "{}")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"id": ""}, "invalid-body"),
        ({"id": "x" * 121}, "invalid-body"),
        ({"type": "Review!"}, "invalid-body"),
        ({"at": "2026-03-04T12:00:00"}, "invalid-body"),
        ({"at": "2026-03-05T12:00:00Z"}, "event-in-the-future"),
        ({"fields": []}, "invalid-body"),
        ({"fields": {"x" * 81: 1}}, "invalid-body"),
        ({"fields": {str(n): n for n in range(101)}}, "invalid-body"),
        ({"member": {"id": "0" * 26}}, "unknown-member"),
    ],
)
def test_a_bad_event_is_a_clear_problem_and_stores_nothing(
    web_shop: Api, ada: dict[str, Any], wrong: dict[str, Any], code: str
):
    before = stored(web_shop)
    problem(web_shop.post("/events", event(ada, **wrong)), 404 if code == "unknown-member" else 422, code)
    assert stored(web_shop) == before


def test_fields_may_be_deep_but_not_bottomless(web_shop: Api, ada: dict[str, Any]):
    deep: Any = 1
    for _ in range(100):
        deep = [deep]
    assert web_shop.post("/events", event(ada, fields={"deep": deep})).status_code == 201
    for depth in (101, 252, 253, 254, 255, 900):
        nested = '{"deep": ' + "[" * depth + "]" * depth + "}"
        body = json.dumps(event(ada, id=str(depth), fields={})).replace("{}", nested)
        answer = web_shop.call("POST", "/events", data=body, content_type="application/json", headers=KEY)
        assert answer.status_code == 422, depth
