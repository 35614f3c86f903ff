"""A till that was shown a number asks the member on the own phone; a yes is a hold that pays."""

from datetime import timedelta
from typing import Any

import pytest

from portal.db import run
from portal.members import operations as members
from portal.members.queries.sessions import find_session
from portal.programme.approve_spending import approve_spending, refuse_spending
from tests.api.conftest import NOON, Api, problem, receipt


def ask(api: Api, ada: dict[str, Any], /, **told: Any) -> Any:
    body = {"member": {"code": ada["card_number"]}, "points": 200, "store": "S1", "number": "T3-1", **told}
    return api.post("/approvals", body)


@pytest.fixture
def by(shop: Api, ada: dict[str, Any]) -> Any:
    """Give the sign-in of Ada, who typed a code just now."""

    def sign_in(session: Any) -> Any:
        opened = members.open_session(session, ada["id"], user_agent="", now=NOON)
        return find_session(session, opened.token, now=NOON)

    return run(shop.app.extensions["engine"], sign_in, writes=True)


def answer(shop: Api, story: Any, *about: Any, **more: Any) -> None:
    run(shop.app.extensions["engine"], lambda session: story(session, *about, now=NOON, **more), writes=True)


def test_a_static_number_spends_with_the_members_yes_alone(till: Api, ada: dict[str, Any], by: Any, shop: Api):
    told = receipt(member={"code": ada["card_number"]}, points_requested=200)
    problem(till.post("/receipts", told), 422, "rotating-code-required")
    asked = ask(till, ada, till="T3", due=5000)
    assert asked.status_code == 201
    assert asked.json == {
        "id": asked.json["id"], "member_id": ada["id"], "points": 200, "state": "open", "hold": None,
        "expires_at": "2026-03-04T12:02:00Z",
    }  # fmt: skip
    problem(till.post("/receipts", told | {"hold": asked.json["id"]}), 404, "unknown-hold")
    answer(shop, approve_spending, asked.json["id"], by=by, code="")
    found = till.get(f"/approvals/{asked.json['id']}").json
    assert (found["state"], found["hold"]) == ("approved", asked.json["id"])
    paid = till.post("/receipts", told | {"hold": found["hold"]})
    assert (paid.status_code, paid.json["points_spent"], paid.json["due"]) == (201, 200, 5000)
    problem(till.post("/receipts", told | {"number": "T3-2", "hold": found["hold"]}), 404, "unknown-hold")


def test_a_no_holds_nothing(till: Api, ada: dict[str, Any], by: Any, shop: Api):
    asked = ask(till, ada).json
    answer(shop, refuse_spending, asked["id"], by=by)
    found = till.get(f"/approvals/{asked['id']}").json
    assert (found["state"], found["hold"]) == ("refused", None)
    told = receipt(member={"id": ada["id"]}, points_requested=200)
    problem(till.post("/receipts", told | {"hold": asked["id"]}), 404, "unknown-hold")


def test_a_question_ends_after_two_minutes_or_when_it_is_withdrawn(till: Api, ada: dict[str, Any]):
    first, second = ask(till, ada).json, ask(till, ada, number="T3-2").json
    assert till.post(f"/approvals/{second['id']}/withdraw", None).json["state"] == "withdrawn"
    till.app.extensions["clock"] = lambda: NOON + timedelta(minutes=2)
    assert till.get(f"/approvals/{first['id']}").json["state"] == "expired"
    again = ask(till, ada).json
    assert (again["state"], again["id"] != first["id"]) == ("open", True)


def test_what_cannot_be_asked_is_refused_and_asks_nobody(till: Api, ada: dict[str, Any], shop: Api):
    problem(ask(till, ada, points=501), 422, "not-enough-points")
    problem(ask(till, ada, member={"phone": "+79160000000"}), 404, "unknown-member")
    problem(ask(till, ada, store="S2"), 403, "store-not-allowed")
    problem(till.get("/approvals/" + "0" * 26), 404, "unknown-approval")
    problem(till.post(f"/approvals/{'0' * 26}/withdraw", None), 404, "unknown-approval")
    assert shop.ask("select count(*) from spending_approval")[0][0] == 0
    asked = ask(till, ada).json
    other = shop.key("till", store="S1")
    problem(other.get(f"/approvals/{asked['id']}"), 404, "unknown-approval")


def test_after_a_contact_changed_nobody_is_asked(till: Api, ada: dict[str, Any], shop: Api):
    with shop.app.extensions["engine"].begin() as connection:
        connection.exec_driver_sql(f"update member set contact_changed_at = {int(NOON.timestamp() * 1_000_000)}")
    problem(ask(till, ada), 422, "spending-paused")
    assert shop.ask("select count(*) from spending_approval")[0][0] == 0


def test_a_till_that_asks_too_often_is_told_when_to_come_again(till: Api, ada: dict[str, Any]):
    assert {ask(till, ada, number=f"T3-{number}").status_code for number in range(5)} == {201}
    problem(ask(till, ada, number="T3-6"), 429, "asked-too-often")
