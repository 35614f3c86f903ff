"""Whatever is done at a till stands in the audit, or in the evidence of a receipt, with the device and the person.

A route of the till that takes writes and has no row here is red.
"""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from portal.db import run
from portal.staff import operations as staff
from portal.staff.queries import check_audit
from portal.web.guards import guard_of
from tests.pages import Page
from tests.till import test_approval, test_own_card, test_queue
from tests.till.phone import sign_in
from tests.till.shop import MIRA_PIN, TIM_PIN, Till, fields
from tests.till.test_certificates import code_of, pays_at, sell, sell_certificates
from tests.till.test_perks import enrich, sale
from tests.till.test_rewards import take_mug

EVIDENCE = "evidence"
LOOKS = "looks"
"""Steps on the way to a deed: they show, and change nothing that lasts. A search by phone is noted besides."""

NOTED = {
    "/till/approvals": "spending.asked",
    "/till/approvals/<approval_id>": LOOKS,
    "/till/basket": LOOKS,
    "/till/corrections": "points.adjusted",
    "/till/corrections/<correction_id>": "adjustment.confirmed",
    "/till/corrections/member": LOOKS,
    "/till/coupons": LOOKS,
    "/till/end": "shift.ended",
    "/till/gifts": "gift.handed_out",
    "/till/gifts/back": "gift.put_back",
    "/till/give-back": "points.given_back",
    "/till/goods": LOOKS,
    "/till/joined": LOOKS,
    "/till/lock": "shift.ended",
    "/till/member": LOOKS,
    "/till/own-card": "own_card.allowed",
    "/till/queue": EVIDENCE,
    "/till/quote": LOOKS,
    "/till/receipts": EVIDENCE,
    "/till/receipts/<receipt_id>/certificates": "certificate.paid",
    "/till/refund/<receipt_id>": "receipt.refund",
    "/till/refund/<receipt_id>/quote": LOOKS,
    "/till/refund/member": LOOKS,
    "/till/requests": "request.noted",
    "/till/requests/<wish_id>": "request.answered",
    "/till/requests/for": LOOKS,
    "/till/rewards/<taken_id>": "reward.handed_out",
    "/till/sign-in": "shift.started",
}


def test_every_route_that_writes_has_a_row(till: Till):
    app = till.pages.app
    theirs = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and guard_of(app.view_functions[rule.endpoint]) in {"staff", "enrolled till"}
    }
    assert theirs == set(NOTED)
    assert set(DEEDS) == {route for route, note in NOTED.items() if note != LOOKS}


def correct(till: Till) -> Page:
    form = till.pages.post("/till/corrections/member", {"shown": till.card()})
    typed = {"way": "give", "points": "5", "reason": "goodwill", "comment": "sorry"}
    return till.pages.post("/till/corrections", {**fields(form, "/till/corrections"), **typed})


def confirm(till: Till) -> Page:
    typed = {"who": till.mira, "pin": MIRA_PIN, "decision": "confirm"}
    return till.pages.post(correct(till).location, typed)


def ask_for(till: Till) -> Page:
    form = {**fields(till.pages.get("/till/requests"), "/till/requests"), "words": "Comb"}
    return till.pages.post("/till/requests", form)


def answer(till: Till) -> Page:
    wish = ask_for(till).location.rpartition("=")[2]
    till.sign_in(till.mira, MIRA_PIN)
    return till.pages.post(f"/till/requests/{wish}", {"reply": "here"})


def refund(till: Till) -> Page:
    receipt = till.sell(till.card()).answer.request.path.rpartition("/")[2]
    till.wait(seconds=5)
    return till.send(till.pages.post(f"/till/refund/{receipt}/quote", {"all": "y"}), f"/till/refund/{receipt}")


def ask_phone(till: Till) -> Page:
    sign_in(till, till.ada)
    return test_approval.ask(till)


def hand_out_gift(till: Till) -> Page:
    enrich(till)
    return till.pages.post("/till/gifts", sale(till) | {"gift": "2:gift_mask"})


def put_gift_back(till: Till) -> Page:
    enrich(till)
    told = sale(till) | {"gift": "2:gift_mask"}
    till.pages.post("/till/gifts", told)
    return till.pages.post("/till/gifts/back", told)


def give_back(till: Till) -> Page:
    held = till.send(till.quote(till.code(), points="100"), "/till/receipts")
    return till.send(held, "/till/give-back")


def sell_to_own_card(till: Till) -> Page:
    till.write(lambda session: staff.link_own_card(session, till.tim, till.ada, now=till.now))
    till.sign_in()
    return test_own_card.allow(till, till.scan(till.card()))


def send_queue(till: Till) -> Page:
    device = test_queue.Device(till)
    assert device.send(device.keep(till.card())) == [(1, "recorded")]
    return till.pages.get("/till")


def pay_by_certificate(till: Till) -> Page:
    sell_certificates(till)
    code = code_of(sell(till, "1000", kind="category:gift_certificate"))
    till.wait(seconds=5)
    return till.pages.post(pays_at(sell(till, "300")), {"certificate": code})


DEEDS: dict[str, Callable[[Till], Page]] = {
    "/till/approvals": ask_phone,
    "/till/corrections": correct,
    "/till/corrections/<correction_id>": confirm,
    "/till/end": lambda till: till.pages.post("/till/end"),
    "/till/gifts": hand_out_gift,
    "/till/gifts/back": put_gift_back,
    "/till/give-back": give_back,
    "/till/lock": lambda till: till.pages.post("/till/lock"),
    "/till/own-card": sell_to_own_card,
    "/till/queue": send_queue,
    "/till/receipts": lambda till: till.sell(till.card()),
    "/till/receipts/<receipt_id>/certificates": pay_by_certificate,
    "/till/refund/<receipt_id>": refund,
    "/till/requests": ask_for,
    "/till/requests/<wish_id>": answer,
    "/till/rewards/<taken_id>": lambda till: till.pages.post(f"/till/rewards/{take_mug(till).id}"),
    "/till/sign-in": lambda till: till.sign_in(till.tim, TIM_PIN),
}


@pytest.mark.parametrize("route", DEEDS)
def test_a_deed_is_noted_with_till_and_person(till: Till, route: str):
    assert DEEDS[route](till).status in {200, 303}
    if NOTED[route] == EVIDENCE:
        statement = "select staff_id, device_id from till_evidence order by id desc limit 1"
    else:
        statement = f"""select actor_id, till_device.id from audit_entry join till_device
            on details like '%' || till_device.id || '%' or subject_id = till_device.id
            where action = '{NOTED[route]}' order by number desc"""
    row = run(till.engine, lambda session: session.execute(text(statement)).first(), writes=False)
    assert row is not None
    assert row[0] in {till.tim, till.mira}
    assert run(till.engine, check_audit, writes=False) == []
