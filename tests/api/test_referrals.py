"""Alexander and Artem to the rouble, as a shop's systems tell it (domain.md §5.3), with a refund in between."""

from datetime import timedelta
from typing import Any

import pytest

from portal.db import transaction
from portal.programme.publish_rulebook import publish_rulebook
from portal.rulebook.document import load_json
from tests.api.conftest import NOON, RULEBOOK, Api, joining, problem, receipt

DAY = timedelta(days=1)
RULES = [
    *RULEBOOK["rules"],
    {
        "id": "friend2",
        "when": {"type": "all", "of": [{"type": "referred"}, {"type": "purchase_number", "to": 3}]},
        "effects": [{"type": "accrue_percent", "rate_bp": 200}],
    },
    {
        "id": "owner1",
        "when": {"type": "referred"},
        "effects": [{"type": "accrue_percent", "rate_bp": 100, "to": "referrer"}],
    },
]
AT_ONCE = {"referrer_points": 50, "referee_points": 500, "referrer_bonus_when": "joined"}


@pytest.fixture
def seller(shop: Api) -> Api:
    publish(shop, AT_ONCE)
    return shop.key("till", "shop", "admin")


def publish(shop: Api, referral: dict[str, Any], *, version: int = 2) -> None:
    document = {
        **RULEBOOK, "version": version, "rules": RULES, "referral": referral,
        "welcome": {"points": 300, "valid": {"type": "days", "n": 60}},
    }  # fmt: skip
    since = NOON - (300 - version) * DAY
    with transaction(shop.app.extensions["engine"], writes=True) as session:
        publish_rulebook(session, load_json(document), effective_from=since, now=since)


def enrol(api: Api, name: str, **told: Any) -> dict[str, Any]:
    body = {"email": f"{name.lower()}@example.org", "name": name, "consents": ["programme"], **told}
    answer = api.post("/members", body)
    assert answer.status_code == 201, answer.json
    return answer.json


def code_of(api: Api, member_id: str) -> str:
    return api.post(f"/members/{member_id}/invite", None).json["code"]


def buy(api: Api, member_id: str, gross: int, *, number: str, **told: Any) -> dict[str, Any]:
    at = api.now.isoformat()
    lines = [{"n": 1, "sku": "SKU1", "qty": 1, "gross": gross}]
    answer = api.post("/receipts", receipt(number, member={"id": member_id}, at=at, lines=lines, **told))
    assert answer.status_code == 201, answer.json
    return answer.json


def refund(api: Api, receipt_id: str) -> dict[str, Any]:
    body = {"at": api.now.isoformat(), "lines": {"1": 1}}
    answer = api.post(f"/receipts/{receipt_id}/refunds", body)
    assert answer.status_code == 201, answer.json
    return answer.json


def points(api: Api, member_id: str) -> tuple[int, int]:
    balance = api.get(f"/members/{member_id}/balance").json
    return balance["available"], balance["pending"]


def test_alexander_and_artem_to_the_rouble(seller: Api):
    alexander = enrol(seller, "Alexander")["member"]["id"]
    assert points(seller, alexander) == (300, 0)
    joined = enrol(seller, "Artem", invite=code_of(seller, alexander))
    artem = joined["member"]["id"]
    assert (joined["invite"], joined["welcome"]["points"]) == ("ok", 500)
    assert (points(seller, artem)[0], points(seller, alexander)[0] - 300) == (500, 50)
    sums = [(640, 70), (885, 105), (969, 117), (1169, 157)]
    for n, (gross, (theirs, his)) in enumerate(zip((2000_00, 3500_00, 1200_00, 4000_00), sums, strict=True)):
        seller.now = NOON + n * DAY
        buy(seller, artem, gross, number=f"A-{n}")
        assert (points(seller, artem)[0], points(seller, alexander)[0] - 300) == (theirs, his)
    told = seller.get(f"/members/{alexander}/invite").json
    assert (told["joined"], told["bought"], told["bought_again"]) == (1, 1, 1)
    assert (told["points_for_joining"], told["points_for_purchases"]) == (50, 107)


def test_a_refund_in_between_takes_back_what_both_earned(seller: Api):
    alexander = enrol(seller, "Alexander")["member"]["id"]
    artem = enrol(seller, "Artem", invite=code_of(seller, alexander))["member"]["id"]
    buy(seller, artem, 2000_00, number="A-1")
    second = buy(seller, artem, 3500_00, number="A-2")
    back = refund(seller, second["receipt_id"])
    assert back["reversed"] == {"base5": 175, "friend2": 70, "owner1": 35}
    assert (points(seller, artem)[0], points(seller, alexander)[0] - 300) == (640, 70)
    for number, gross, extra in (("A-3", 1200_00, 24), ("A-4", 4000_00, 80), ("A-5", 1000_00, 0)):
        earned = buy(seller, artem, gross, number=number)["earned"]
        assert earned == {artem: gross // 2000 + extra, alexander: gross // 10_000}  # the third kept one is A-4


def test_points_pay_a_part_and_earn_nothing(seller: Api):
    alexander = enrol(seller, "Alexander")["member"]["id"]
    artem = enrol(seller, "Artem", invite=code_of(seller, alexander))["member"]["id"]
    first = buy(seller, artem, 2000_00, number="A-1", points_requested=500)
    assert first["due"] == 1500_00
    assert first["earned"] == {artem: 105, alexander: 15}


def test_kopecks_are_rounded_for_each(seller: Api):
    alexander = enrol(seller, "Alexander")["member"]["id"]
    artem = enrol(seller, "Artem", invite=code_of(seller, alexander))["member"]["id"]
    assert buy(seller, artem, 1999_00, number="A-1")["earned"] == {artem: 99 + 39, alexander: 19}


def test_the_reward_waits_until_the_first_purchase_is_kept(shop: Api):
    publish(shop, {"referrer_points": 50, "referee_points": 500, "kept_days": 14})
    seller = shop.key("till", "shop", "admin")
    alexander = enrol(seller, "Alexander")["member"]["id"]
    artem = enrol(seller, "Artem", invite=code_of(seller, alexander))["member"]["id"]
    assert points(seller, alexander) == (300, 0)
    first = buy(seller, artem, 1000_00, number="A-1")
    assert points(seller, alexander) == (310, 50)
    refund(seller, first["receipt_id"])
    assert points(seller, alexander) == (300, 0)
    seller.now = NOON + DAY
    buy(seller, artem, 1000_00, number="A-2")
    buy(seller, artem, 1000_00, number="A-3")
    assert points(seller, alexander) == (320, 50)
    seller.now = NOON + 15 * DAY
    assert points(seller, alexander) == (370, 0)


def test_nobody_is_brought_twice_or_by_themselves(seller: Api):
    alexander = enrol(seller, "Alexander")["member"]["id"]
    code = code_of(seller, alexander)
    again = seller.post("/members", joining(email="alexander@example.org", phone=None, invite=code))
    assert (again.status_code, again.json["invite"]) == (200, None)
    tagged = enrol(seller, "Tagged", email="alexander+me@example.org", invite=code)
    assert (tagged["invite"], tagged["welcome"]) == ("self", None)
    assert points(seller, alexander) == (300, 0)


def test_a_code_is_read_however_it_is_written(seller: Api):
    alexander = enrol(seller, "Alexander")["member"]["id"]
    code = code_of(seller, alexander)
    assert enrol(seller, "Artem", invite=f"{code[:4]} {code[4:]}")["invite"] == "ok"
    assert enrol(seller, "Boris", invite=code.replace("0", "O").replace("1", "l"))["invite"] == "ok"


def test_a_mark_that_is_no_invitation_is_the_shops_own(seller: Api):
    assert enrol(seller, "Ben", invite="autumn-leaflet")["invite"] is None


def test_an_invitation_is_given_and_told(seller: Api):
    alexander = enrol(seller, "Alexander")["member"]["id"]
    given = seller.post(f"/members/{alexander}/invite", None).json
    assert given["link"].endswith(f"/i/{given['code']}")
    assert seller.post(f"/members/{alexander}/invite", None).json == given
    told = seller.get(f"/members/{alexander}/invite").json
    assert (told["code"], told["joined"], told["friends"]) == (given["code"], 0, [])
    problem(seller.get("/members/01kjw16mm0463p7g6wxy9tgyfz/invite"), 404, "unknown-member")


def test_who_left_is_given_no_invitation(seller: Api, office: Api):
    alexander = enrol(seller, "Alexander")["member"]["id"]
    assert office.call("DELETE", f"/members/{alexander}", headers={"Idempotency-Key": "d"}).status_code == 200
    problem(seller.post(f"/members/{alexander}/invite", None), 422, "member-left")
    assert seller.get(f"/members/{alexander}/invite").json["code"] is None
