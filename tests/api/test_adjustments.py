from typing import Any

import pytest

from tests.api.conftest import Api, problem, stored

GOODWILL = {"points": 100, "reason": "goodwill", "comment": "the milk was sour"}


def test_a_small_correction_counts_at_once(office: Api, ada: dict[str, Any]):
    answer = office.post(f"/members/{ada['id']}/adjustments", {**GOODWILL, "points": -100})
    assert (answer.status_code, answer.json["state"]) == (201, "posted")
    assert answer.json["balance"]["available"] == 400


def test_a_large_correction_waits_for_another_key(shop: Api, office: Api, ada: dict[str, Any]):
    asked = office.post(f"/members/{ada['id']}/adjustments", {**GOODWILL, "points": 1000})
    assert (asked.status_code, asked.json["state"]) == (202, "waiting")
    assert office.get(f"/members/{ada['id']}/balance").json["available"] == 500
    path = f"/adjustments/{asked.json['id']}/confirm"
    problem(office.call("POST", path, headers={"Idempotency-Key": "1"}), 403, "second-person-needed")
    second = shop.key("crm")
    confirmed = second.call("POST", path, headers={"Idempotency-Key": "1"})
    assert (confirmed.status_code, confirmed.json["state"]) == (200, "posted")
    assert confirmed.json["balance"]["available"] == 1500
    again = second.call("POST", path, headers={"Idempotency-Key": "1"})
    assert again.json == confirmed.json
    problem(second.call("POST", path, headers={"Idempotency-Key": "2"}), 409, "already-decided")
    deeds = [row.action for row in shop.ask("select action from audit_entry order by number")]
    assert deeds == ["points.adjusted", "points.adjusted", "adjustment.confirmed"]


def test_a_large_correction_is_rejected_by_another_key(shop: Api, office: Api, ada: dict[str, Any]):
    asked = office.post(f"/members/{ada['id']}/adjustments", {**GOODWILL, "points": 1000}).json
    rejected = shop.key("crm").call("POST", f"/adjustments/{asked['id']}/reject", headers={"Idempotency-Key": "1"})
    assert rejected.json["state"] == "rejected"
    assert office.get(f"/members/{ada['id']}/balance").json["available"] == 500


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"points": 0}, "no-points"),
        ({"points": 1.5}, "invalid-body"),
        ({"points": 10**10}, "invalid-body"),
        ({"points": -501}, "not-enough-points"),
        ({"reason": "because"}, "invalid-body"),
        ({"comment": ""}, "invalid-body"),
        ({"comment": "   "}, "comment-needed"),
        ({"comment": "x" * 501}, "invalid-body"),
        ({"receipt_id": "T3-1"}, "invalid-body"),
    ],
)
def test_a_bad_correction_is_a_clear_problem_and_stores_nothing(
    office: Api, ada: dict[str, Any], wrong: dict[str, Any], code: str
):
    before = stored(office)
    problem(office.post(f"/members/{ada['id']}/adjustments", {**GOODWILL, **wrong}), 422, code)
    assert stored(office) == before


def test_a_till_corrects_nothing(till: Api, ada: dict[str, Any]):
    problem(till.post(f"/members/{ada['id']}/adjustments", GOODWILL), 403, "scope-missing")


def test_a_comment_is_answered_again_until_the_member_is_forgotten(office: Api, ada: dict[str, Any]):
    path, body = f"/members/{ada['id']}/adjustments", {**GOODWILL, "comment": "canary"}
    first, again = office.post(path, body, key="a"), office.post(path, body, key="a")
    assert first.json == again.json
    assert again.json["comment"] == "canary"
    office.call("DELETE", f"/members/{ada['id']}", headers={"Idempotency-Key": "d"})
    assert office.ask("select 1 from idempotency where cast(answer as text) like '%canary%'") == []
    assert office.post(path, body, key="a").json == {**first.json, "comment": ""}
