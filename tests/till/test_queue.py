"""What the shop answers to purchases that waited on a till: each for itself, once, and never a spent point."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from portal.catalogue.operations import put_goods
from portal.db import run
from portal.ids import new_id
from portal.receipts.queries import list_evidence
from portal.staff import operations as staff
from portal.staff.queries import check_audit, read_audit
from tests.pages import SAME_ORIGIN
from tests.till.shop import Till, fields
from tests.till.test_goods import SERUM, SOAP

CHAIN = "c" * 32
HOUR = timedelta(hours=1)


class Device:
    """The queue on a device: rows bound to each other, as static/js/till-queue.js makes them."""

    def __init__(self, till: Till) -> None:
        self.till, self.number, self.hash = till, 0, ""

    def keep(self, shown: str, amount: str = "1000", *, at: datetime | None = None, **more: str) -> dict[str, Any]:
        sale = {"key": new_id(at or self.till.now), "shown": shown, "amount": amount, **more}
        return self.bind(json.dumps(sale))

    def bind(self, told: str) -> dict[str, Any]:
        before, self.number = self.hash, self.number + 1
        self.hash = hashlib.sha256(f"{before}\n{told}".encode()).hexdigest()
        return {"number": self.number, "told": told, "before": before, "hash": self.hash}

    def send(self, *rows: dict[str, Any]) -> list[tuple[int, str]]:
        answer = self.post({"chain": CHAIN, "items": rows})
        assert answer.status_code == 200, answer.text
        self.texts = [each["text"] for each in answer.json["results"]]
        return [(each["number"], each["state"]) for each in answer.json["results"]]

    def post(self, body: object) -> Any:
        return self.till.pages.client.post("/till/queue", json=body, headers=SAME_ORIGIN)


@pytest.fixture
def device_of(till_anywhere: Till) -> Device:
    return Device(till_anywhere)


def deeds(till: Till) -> list[str]:
    audit = run(till.engine, read_audit, writes=False)
    return [link.deed.action for link in audit if link.deed.action.startswith("queue.")]


def test_a_lost_answer_and_a_doubled_request_record_once(device_of: Device) -> None:
    till = device_of.till
    rows = [device_of.keep(till.card(), at=till.now + timedelta(milliseconds=n)) for n in range(3)]
    till.wait(hours=5)
    till.sign_in()
    for _ in range(2):
        assert device_of.send(*rows) == [(1, "recorded"), (2, "recorded"), (3, "recorded")]
    assert (till.count("receipt"), till.broken(), deeds(till)) == (3, [], [])
    since = till.now - timedelta(days=1)
    kept = run(till.engine, lambda session: list_evidence(session, since=since, until=till.now + HOUR), writes=False)
    told = [(each.seconds // 3600, each.staff_id, each.method, each.queued) for each in kept]
    assert sorted(told) == [(hours, till.tim, "typed", True) for hours in (4, 4, 5)]


def test_a_late_code_earns_by_its_own_time(till: Till) -> None:
    device = Device(till)
    row = device.keep(till.code())
    till.wait(hours=40)
    till.sign_in()
    assert device.send(row) == [(1, "recorded")]
    assert till.broken() == []


def test_after_two_days_a_person_has_to_look(till: Till) -> None:
    device = Device(till)
    row = device.keep(till.card())
    till.wait(hours=47)
    till.sign_in()
    assert device.send(row) == [(1, "recorded")]
    late = device.keep(till.card(), at=till.now - timedelta(hours=48, minutes=1))
    assert device.send(late) == [(2, "refused")]
    assert "longer than 48 hours" in device.texts[0]
    till.wait(hours=2)
    till.sign_in()
    assert device.send(row) == [(1, "recorded")]
    assert (till.count("receipt"), deeds(till)) == (1, ["queue.refused"])


@pytest.mark.parametrize(
    ("shown", "amount", "why"),
    [
        ("1234567890", "1000", "not a code of a member"),
        ("", "1000", "cannot be read"),
        ("card", "ten", "sum of this purchase"),
        ("forged", "1000", "not drawn by the member's phone"),
    ],
)
def test_one_that_is_refused_stops_no_other(till: Till, shown: str, amount: str, why: str) -> None:
    device = Device(till)
    code = till.code()
    real = {"card": till.card(), "forged": code[:-1] + str((int(code[-1]) + 1) % 10)}
    rows = [device.keep(real.get(shown, shown), amount), device.keep(till.card(), at=till.now + timedelta(seconds=1))]
    assert device.send(*rows) == [(1, "refused"), (2, "recorded")]
    assert why in device.texts[0]
    assert (till.count("receipt"), deeds(till)) == (1, ["queue.refused"])


def test_a_refusal_is_remembered_until_a_person_sends_it_once_more(device_of: Device) -> None:
    till = device_of.till
    row = device_of.keep("1234567890")
    for _ in range(2):
        assert device_of.send(row) == [(1, "refused")]
        assert "not a code of a member" in device_of.texts[0]
    assert (deeds(till), till.count("idempotency")) == (["queue.refused"], 1)
    assert device_of.send({**row, "tries": 1}) == [(1, "refused")]
    assert (deeds(till), till.count("idempotency")) == (["queue.refused"] * 2, 2)


def test_nobody_sells_to_the_own_card_by_way_of_the_queue(till: Till) -> None:
    device = Device(till)
    till.write(lambda session: staff.link_own_card(session, till.tim, till.ada, now=till.now))
    till.sign_in()
    assert device.send(device.keep(till.card())) == [(1, "refused")]
    row = device.keep(till.card(), at=till.now + timedelta(seconds=1))
    till.wait(minutes=1)
    till.sign_in(till.mira, "8205")
    assert device.send(row) == [(2, "refused")]
    assert till.count("receipt") == 0


def test_whoever_was_on_shift_then_answers_for_it(till: Till) -> None:
    device = Device(till)
    row = device.keep(till.card(), at=till.now + timedelta(minutes=1))
    till.wait(minutes=30)
    till.sign_in(till.mira, "8205")
    assert device.send(row) == [(1, "recorded")]
    since = till.now - timedelta(days=1)
    (kept,) = run(till.engine, lambda session: list_evidence(session, since=since, until=till.now + HOUR), writes=False)
    assert kept.staff_id == till.tim


def test_lines_earn_by_what_the_shop_knows_of_them(till: Till) -> None:
    till.write(lambda session: put_goods(session, [SERUM, SOAP]))
    device = Device(till)
    lines = [
        {"sku": "SERUM", "title": "Serum", "price": "1000", "qty": "1", "kind": "brand:Lux"},
        {"sku": "GONE", "title": "Cheese", "price": "99,50", "qty": "0.5"},
    ]
    assert device.send(device.keep(till.card(), "1049.75", lines=lines)) == [(1, "recorded")]
    kept = run(
        till.engine, lambda session: session.execute(text("select gross, document from receipt")).one(), writes=False
    )
    assert kept.gross == 104975
    assert [line.get("brand") for line in json.loads(kept.document)["lines"]] == ["Innisfree", None]
    for wrong in ({"price": "0"}, {"price": "10", "qty": "none"}, {"price": "999999999", "qty": "999999"}):
        assert device.send(device.keep(till.card(), lines=[wrong])) == [(device.number, "refused")]
        assert "sum of this purchase" in device.texts[0]
    assert device.send(device.keep(till.card(), lines=[{"price": "1"}] * 31)) == [(device.number, "refused")]
    assert (till.count("receipt"), till.broken()) == (1, [])


def test_the_device_learns_kinds_and_goods(till: Till) -> None:
    till.write(lambda session: put_goods(session, [SERUM, SOAP]))
    told = till.pages.client.get("/till/shelf").json
    assert ["brand:Innisfree", "Innisfree"] in told["kinds"]
    assert told["goods"] == [["SERUM", SERUM.barcode, "Serum", "1000"], ["SOAP", SOAP.barcode, "Soap", "99.50"]]
    till.pages.post("/till/lock")
    assert till.pages.client.get("/till/shelf").status_code == 303


@pytest.mark.parametrize("harm", ["a row is missing", "a row was written anew"])
def test_a_broken_chain_is_recorded_and_noted(till: Till, harm: str) -> None:
    device = Device(till)
    first, second, third = (device.keep(till.card(), at=till.now + timedelta(milliseconds=n)) for n in range(3))
    if harm == "a row is missing":
        sent = [first, third]
    else:
        sent = [first, {**second, "told": second["told"].replace('"1000"', '"9000"')}, third]
    assert {state for _, state in device.send(*sent)} == {"recorded"}
    assert (till.count("receipt"), deeds(till)) == (len(sent), ["queue.broken"])
    assert run(till.engine, check_audit, writes=False) == []


def test_a_sale_that_reached_the_shop_is_the_same_sale(till: Till) -> None:
    """Its answer was lost, and the cashier kept it on the device: under its own key it is recorded already."""
    device = Device(till)
    page = till.quote(till.card())
    carried = fields(page, "/till/receipts")
    till.confirm(page)
    kept = {"key": carried["sale"], "member": carried["member"], "amount": "1000", "method": carried["card_by"]}
    assert device.send(device.bind(json.dumps(kept))) == [(1, "recorded")]
    other = device.bind(json.dumps({**kept, "amount": "900"}))
    assert device.send(other) == [(2, "refused")]
    assert "recorded already" in device.texts[0]
    assert (till.count("receipt"), till.broken()) == (1, [])


def test_without_a_shift_or_a_body_nothing_is_told(till: Till) -> None:
    device = Device(till)
    row = device.keep(till.card())
    assert device.post({"chain": CHAIN, "items": []}).status_code == 400
    assert device.post({"chain": "short", "items": [row]}).status_code == 400
    till.pages.post("/till/lock")
    assert device.post({"chain": CHAIN, "items": [row]}).status_code == 303
    assert till.count("receipt") == 0


def test_the_page_of_the_queue_names_nobody(device: Till) -> None:
    page = device.pages.get("/till/queue")
    assert page.heading == "The queue of this till"
    assert page.answer.headers["Cache-Control"] == "no-store"


def test_who_bought_here_lately_is_told_by_first_name_and_card(till: Till) -> None:
    assert till.pages.client.get("/till/recent").json == {"names": {}}
    till.sell(till.card())
    assert till.pages.client.get("/till/recent").json == {"names": {till.card(): "Ada"}}
    till.pages.post("/till/lock")
    assert till.pages.client.get("/till/recent").status_code == 303
