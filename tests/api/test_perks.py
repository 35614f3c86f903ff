"""Gifts, coupons and the shelf, as the shop's systems give and put them."""

from typing import Any

import pytest

from portal.db import transaction
from portal.programme.publish_rulebook import publish_rulebook
from portal.rulebook.document import load_json
from tests.api.conftest import NOON, RULEBOOK, Api, problem

MUG = {"title": {"en": "Mug", "ru": "Кружка"}, "points": 300, "stock": 10}
MORE = {
    **RULEBOOK,
    "version": 2,
    "wallets": [{"id": "gift_mask", "kind": "gift", "title": "Mask"}],
    "coupons": [{"id": "back10", "title": "10 % off"}],
    "rules": [
        *RULEBOOK["rules"],
        {
            "id": "back10", "when": {"type": "coupon", "template": "back10"},
            "effects": [{"type": "discount_percent", "rate_bp": 1000}],
        },
    ],
}  # fmt: skip


@pytest.fixture
def crm(office: Api) -> Api:
    with transaction(office.app.extensions["engine"], writes=True) as session:
        publish_rulebook(session, load_json(MORE), effective_from=NOON, now=NOON)
    return office


def test_a_gift_is_put_into_its_wallet_once(crm: Api, ada: dict[str, Any]):
    told = {"wallet": "gift_mask", "units": 2, "valid_days": 7}
    first = crm.post(f"/members/{ada['id']}/gifts", told, key="g1")
    assert (first.status_code, first.json["last_valid_day"]) == (201, "2026-03-11")
    assert crm.post(f"/members/{ada['id']}/gifts", told, key="g1").json == first.json
    assert crm.ask("select available from account where wallet = 'gift_mask'") == [(2,)]
    assert crm.ask("select action from audit_entry order by number desc")[0].action == "gift.given"


def test_what_is_no_gift_is_refused(crm: Api, ada: dict[str, Any]):
    path = f"/members/{ada['id']}/gifts"
    problem(crm.post(path, {"wallet": "nothing", "units": 1, "valid_days": 7}), 422, "unknown-wallet")
    problem(crm.post(path, {"wallet": "points", "units": 1001, "valid_days": 7}), 422, "gift-too-large")
    assert crm.post(path, {"wallet": "points", "units": 50, "valid_days": 3}).status_code == 201


def test_a_members_coupon_is_told_at_the_till_and_gives_its_discount(crm: Api, shop: Api, ada: dict[str, Any]):
    given = crm.post(f"/members/{ada['id']}/coupons", {"template": "back10", "valid_days": 7}).json
    assert (given["member_id"], given["uses"], len(given["code"])) == (ada["id"], 1, 16)
    till = shop.key("till")
    (offer,) = till.post("/members/identify", {"code": ada["card_number"]}).json["offers"]
    assert (offer["kind"], offer["code"], offer["last_valid_day"]) == ("coupon", given["code"], "2026-03-11")
    receipt = {
        "number": "1", "store": "S1", "at": NOON.isoformat(), "member": {"id": ada["id"]}, "coupons": [given["code"]],
        "lines": [{"n": 1, "gross": 10000}],
    }  # fmt: skip
    assert till.post("/receipts", receipt).json["discount"] == 1000
    assert till.post("/members/identify", {"code": ada["card_number"]}).json["offers"] == []


def test_a_code_of_the_shops_own_is_there_once(crm: Api):
    told = {"template": "back10", "code": "SPRING-26", "uses": 100}
    assert crm.post("/coupons", told).json["code"] == "SPRING-26"
    problem(crm.post("/coupons", told), 409, "coupon-code-taken")
    problem(crm.post("/coupons", {"template": "nothing"}), 422, "unknown-coupon")
    assert len(crm.post("/coupons", {"template": "back10"}).json["code"]) == 16


def test_the_shelf_is_put_and_listed(crm: Api, shop: Api):
    put = crm.send("PUT", "/rewards/mug", MUG)
    assert (put.status_code, put.json["rewards"][0]["left"]) == (200, 10)
    crm.send("PUT", "/rewards/mug", MUG | {"stock": None, "on_shelf": False})
    (mug,) = crm.get("/rewards").json["rewards"]
    assert (mug["left"], mug["on_shelf"]) == (None, False)
    problem(shop.key("till").get("/rewards"), 403, "scope-missing")


def test_a_rewards_name_is_never_cut_so_that_it_names_another(crm: Api):
    crm.send("PUT", "/rewards/" + "m" * 40, MUG)
    problem(crm.send("PUT", "/rewards/" + "m" * 41, MUG | {"points": 1}), 422, "invalid-body")
    problem(crm.send("PUT", "/rewards/mug%0A", MUG), 422, "invalid-body")
    problem(crm.send("PUT", "/rewards/%00", MUG), 404, "not-found")
    (kept,) = crm.get("/rewards").json["rewards"]
    assert kept["points"] == MUG["points"]


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"opens_at": "2026-04-02T00:00:00Z", "closes_at": "2026-04-01T00:00:00Z"}, ""),
        ({"opens_at": "2026-04-01T03:00:00+03:00", "closes_at": "2026-04-01T00:00:00Z"}, ""),
        ({"on_shelf": "off"}, "on_shelf"),
        ({"on_shelf": 1}, "on_shelf"),
    ],
)
def test_what_is_no_reward_is_a_clear_problem(crm: Api, wrong: dict[str, Any], path: str):
    told = problem(crm.send("PUT", "/rewards/mug", MUG | wrong), 422, "invalid-body")
    assert [error["path"] for error in told["errors"]] == [path]
    assert crm.get("/rewards").json["rewards"] == []
