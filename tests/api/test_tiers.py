"""Tiers as a shop's systems see them."""

from datetime import timedelta
from typing import Any

import pytest

from portal.db import transaction
from portal.programme.publish_rulebook import publish_rulebook
from portal.rulebook.document import load_json
from tests.api.conftest import NOON, RULEBOOK, Api, problem, receipt
from tests.api.test_statements import counted

DAY = timedelta(days=1)
LADDER = {
    "tiers": [
        {"id": "bronze"},
        {"id": "gold", "title": "Gold", "enter": {"metric": "spend", "min": 1_000_000}},
        {"id": "platinum", "enter": {"metric": "spend", "min": 3_000_000}},
    ]
}


@pytest.fixture
def seller(shop: Api) -> Api:
    with transaction(shop.app.extensions["engine"], writes=True) as session:
        document = {**RULEBOOK, "version": 2, "tiers": LADDER}
        publish_rulebook(session, load_json(document), effective_from=NOON - DAY, now=NOON - DAY)
    return shop.key("till", "shop", "crm", "admin")


def enrol(api: Api) -> str:
    body = {"email": "ada@example.org", "name": "Ada", "consents": ["programme"]}
    return api.post("/members", body).json["member"]["id"]


def buy(api: Api, member_id: str, gross: int, number: str) -> Any:
    lines = [{"n": 1, "sku": "SKU1", "qty": 1, "gross": gross}]
    told = receipt(number, member={"id": member_id}, at=api.now.isoformat(), lines=lines)
    return api.post("/receipts", told).json


def test_a_purchase_answers_with_the_tier_it_leads_to(seller: Api):
    ada = enrol(seller)
    tier = buy(seller, ada, 2_952_000, "1")["tier"]
    assert (tier["id"], tier["title"], tier["keep"]) == ("gold", "Gold", None)
    assert (tier["progress"]["tier"], tier["progress"]["left"], tier["progress"]["percent"]) == ("platinum", 48_000, 98)
    assert tier["progress"]["text"].replace("\u00a0", " ") == "Ещё 480 ₽ до Platinum"
    assert seller.post("/members/identify", {"code": ada_card(seller, ada)}).json["tier"]["id"] == "gold"
    told = seller.get(f"/members/{ada}/tier").json
    assert told["tier"] == tier
    assert [(each["from_tier"], each["to_tier"], each["cause"]) for each in told["history"]] == [
        ("bronze", "gold", "rise")
    ]


def ada_card(api: Api, member_id: str) -> str:
    return api.get(f"/members/{member_id}").json["card_number"]


def test_a_tier_is_given_for_a_time_and_taken_back(seller: Api):
    ada = enrol(seller)
    given = {"tier": "platinum", "until": (NOON + 30 * DAY).isoformat(), "reason": "press"}
    assert seller.post(f"/members/{ada}/tier", given).json["id"] == "platinum"
    back = {"tier": None, "until": None, "reason": "over"}
    assert seller.post(f"/members/{ada}/tier", back).json["id"] == "bronze"
    assert [each["reason"] for each in seller.get(f"/members/{ada}/tier").json["history"]] == ["over", "press"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"tier": "diamond"}, "unknown-tier"),
        ({"tier": "bronze"}, "tier-not-higher"),
        ({"until": "2020-01-01T00:00:00Z"}, "tier-ends-in-the-past"),
    ],
)
def test_a_tier_that_makes_no_sense_is_refused_and_changes_nothing(seller: Api, changed: dict[str, Any], code: str):
    ada = enrol(seller)
    given = {"tier": "gold", "until": (NOON + DAY).isoformat(), "reason": "press", **changed}
    problem(seller.post(f"/members/{ada}/tier", given), 422, code)
    assert seller.get(f"/members/{ada}/tier").json["history"] == []


def test_a_till_may_look_and_not_give(seller: Api):
    ada = enrol(seller)
    till = seller.key("till")
    assert till.get(f"/members/{ada}/tier").status_code == 200
    assert till.post(f"/members/{ada}/tier", {"tier": None, "until": None, "reason": "x"}).status_code == 403


def test_a_purchase_that_lifts_is_two_statements_too(seller: Api):
    windows = {"type": "rolling", "days": 90}
    tiers = [{"id": "bronze"}] + [
        {"id": f"step{n}", "enter": {"metric": "purchases", "min": n, "window": windows}} for n in range(1, 9)
    ]
    with transaction(seller.app.extensions["engine"], writes=True) as session:
        document = {**RULEBOOK, "version": 3, "tiers": {"tiers": tiers}}
        publish_rulebook(session, load_json(document), effective_from=NOON, now=NOON)
    ada, numbers = enrol(seller), iter("123456789")

    def buy_once() -> Any:
        lines = [{"n": 1, "sku": "SKU1", "qty": 1, "gross": 1000}]
        told = receipt(next(numbers), member={"id": ada}, at=seller.now.isoformat(), lines=lines)
        return seller.post("/receipts", told)

    buy_once()
    statements = counted(seller, buy_once)
    assert len([each for each in statements if "temp" not in each.lower()[:20]]) == 2
    assert seller.get(f"/members/{ada}/tier").json["tier"]["id"] == "step3"
