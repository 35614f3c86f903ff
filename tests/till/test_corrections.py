"""A balance is corrected at the till: a cashier asks, a second person approves with a PIN, and nobody for himself."""

from typing import Any

import pytest
from sqlalchemy import text

from portal.db import run
from portal.members import operations as members
from portal.staff import operations as staff
from portal.staff.operations import NewStaff
from portal.staff.queries import read_audit
from tests.pages import Page
from tests.till.shop import MIRA_PIN, TIM_PIN, Till, fields

LIST = "/till/corrections"


def ask(till: Till, points: str = "50", **more: str) -> Page:
    """Scan Ada's card and ask for a correction."""
    form = till.pages.post(f"{LIST}/member", {"shown": till.card()})
    assert (form.status, form.heading) == (200, "Correct a balance")
    return till.pages.post(LIST, {**fields(form, LIST), **typed(points, **more)})


def typed(points: str = "50", **more: str) -> dict[str, str]:
    return {"way": "give", "points": points, "reason": "goodwill", "comment": "the milk was sour", **more}


def decide(till: Till, path: str, who: str = "", pin: str = MIRA_PIN, decision: str = "confirm") -> Page:
    return till.pages.post(path, {"who": who or till.mira, "pin": pin, "decision": decision})


def available(till: Till) -> int:
    return run(till.engine, lambda s: s.scalar(text("select sum(available) from account")) or 0, writes=False)


def deeds(till: Till) -> list[Any]:
    return [link.deed for link in run(till.engine, read_audit, writes=False) if link.deed.subject_kind == "member"]


def test_what_a_cashier_asks_for_waits_and_a_second_person_approves_it(till_anywhere: Till):
    till = till_anywhere
    before = available(till)
    path = ask(till).location
    page = till.pages.get(path)
    assert page.heading == "Waits for a second person"
    assert [each.get("value") for each in page.find_all("input", type="radio")] == [till.mira]
    assert available(till) == before
    assert "Ada 4 March" in till.pages.get(LIST).words
    done = till.pages.follow(decide(till, path))
    assert done.heading == "Corrected"
    assert "Asked by Tim" in done.words
    assert "Approved by Mira" in done.words
    assert available(till) == before + 50
    assert [(deed.action, deed.actor_id, deed.details["state"]) for deed in deeds(till)] == [
        ("points.adjusted", till.tim, "waiting"),
        ("adjustment.confirmed", till.mira, "posted"),
    ]
    assert all(deed.details["till"] for deed in deeds(till))
    assert till.broken() == []


def test_it_can_be_rejected_and_is_decided_once(till: Till):
    before = available(till)
    path = ask(till, way="take").location
    assert "Rejected by Mira" in till.pages.follow(decide(till, path, decision="reject")).words
    again = decide(till, path)
    assert again.status == 409
    assert available(till) == before


@pytest.mark.parametrize(("who", "pin", "status"), [("tim", TIM_PIN, 403), ("mira", "0001", 422), ("ben", "9031", 403)])
def test_neither_oneself_nor_a_wrong_pin_nor_a_cashier_approves(
    till: Till, who: str, pin: str, status: int, caplog: pytest.LogCaptureFixture
):
    ben = till.write(lambda session: staff.add_staff(session, NewStaff("Ben", "cashier", "9031"), now=till.now))
    path = ask(till).location
    second = {"tim": till.tim, "mira": till.mira, "ben": ben}[who]
    page = decide(till, path, second, pin)
    assert page.status == status
    assert page.heading == "Waits for a second person"
    assert [each.staff for each in caplog.records if each.message == "PIN refused"] == [second]


def test_a_senior_corrects_little_alone_and_much_with_another(till: Till):
    olga = till.write(lambda session: staff.add_staff(session, NewStaff("Olga", "senior", "9031"), now=till.now))
    till.sign_in(olga, "9031")
    assert till.pages.follow(ask(till, "999")).heading == "Corrected"
    path = ask(till, "1,000").location
    page = till.pages.get(path)
    assert page.heading == "Waits for a second person"
    assert [each.get("value") for each in page.find_all("input", type="radio")] == [till.mira]


def test_nobody_asks_for_approves_or_hides_the_own_card(till: Till):
    path = ask(till).location
    till.write(lambda session: staff.link_own_card(session, till.mira, till.ada, now=till.now))
    assert decide(till, path).status == 403
    till.sign_in(till.mira, MIRA_PIN)
    page = till.pages.post(f"{LIST}/member", {"shown": till.card()})
    assert page.status == 403
    assert "Ask somebody else of the staff." in page.words
    till.join("Ben", "ben@example.com")
    forged = {**fields(till.pages.post(f"{LIST}/member", {"shown": "ben@example.com"}), LIST), "member": till.ada}
    assert till.pages.post(LIST, {**forged, **typed()}).status == 403
    assert till.count("adjustment") == 1


def test_an_old_pin_is_asked_for_once_more(till: Till, caplog: pytest.LogCaptureFixture):
    for _ in range(4):
        till.wait(minutes=9)
        till.pages.get("/till")
    page = till.pages.post(f"{LIST}/member", {"shown": till.card()})
    assert "Your PIN once more" in page.words
    form = {**fields(page, LIST), **typed()}
    wrong = till.pages.post(LIST, {**form, "pin": "0001"})
    assert wrong.status == 422
    assert wrong.find("input", name="pin").get("aria-invalid") == "true"
    assert [each.staff for each in caplog.records if each.message == "PIN refused"] == [till.tim]
    assert till.pages.post(LIST, {**form, "pin": TIM_PIN}).status == 303


def test_sent_twice_it_is_one_correction(till: Till):
    page = till.pages.post(f"{LIST}/member", {"shown": till.card()})
    form = {**fields(page, LIST), **typed()}
    assert till.pages.post(LIST, form).location == till.pages.post(LIST, form).location
    assert till.count("adjustment") == 1
    till.wait(minutes=61)
    till.sign_in()
    assert till.pages.post(LIST, form).status == 410


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"points": ""}, "points"),
        ({"points": "five"}, "points"),
        ({"points": "0"}, "points"),
        ({"points": "12345678"}, "points"),
        ({"points": "9999999"}, "points"),
        ({"points": "600", "way": "take"}, "points"),
        ({"comment": " "}, "comment"),
        ({"receipt": "nothing"}, "receipt"),
    ],
)
def test_a_mistake_stands_beside_its_field_and_stores_nothing(till: Till, wrong: dict[str, str], field: str):
    page = ask(till, **{"points": "50", **wrong})
    assert page.status in {404, 422}
    assert page.find("input", name=field).get("aria-invalid") == "true"
    assert till.count("adjustment") == 0


def test_a_correction_names_a_receipt_of_the_card(till: Till):
    number = till.sell(till.card(), "100", number="777").words
    assert "777" in number
    assert "Receipt Show" in till.pages.follow(ask(till, receipt="777")).words


def test_the_day_leads_to_what_waits_and_counts_it(till: Till):
    ask(till)
    page = till.pages.get("/till/shift")
    assert "Waiting for a second person: 1" in page.words
    assert "Corrections 1" in page.words


def test_what_waits_for_somebody_who_left_can_only_be_rejected(till: Till):
    path = ask(till).location
    till.write(lambda session: members.leave(session, till.ada, source="profile", now=till.now))
    assert "The member has left." in till.pages.get(path).words
    assert decide(till, path).status >= 400
    assert till.pages.follow(decide(till, path, decision="reject")).heading == "Rejected"
    assert till.broken() == []


def test_what_is_not_there_is_told(till: Till):
    assert till.pages.get(f"{LIST}/{'0' * 26}").status == 404
    assert till.pages.post(f"{LIST}/member", {"shown": "2999 9999 9999 9999"}).status == 422
    assert till.pages.post(f"{LIST}/member", {"shown": " "}).status == 422
