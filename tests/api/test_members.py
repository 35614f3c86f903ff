from datetime import timedelta
from typing import Any

import pytest

from portal.db import transaction
from portal.members.operations import enrol_device, open_session
from portal.members.rotating_code import draw_code, window_at
from tests.api.conftest import CANARY, Api, joining, problem, receipt, stored


def test_somebody_joins_once_for_each_contact(till: Api):
    first = till.post("/members", joining(email="Ada@Example.org", birthday="1990-05-17", invite="fitmaster"))
    assert first.status_code == 201
    member = first.json["member"]
    assert (member["name"], member["phone"], member["email"]) == ("Ada Lovelace", "+79161234567", "ada@example.org")
    assert (member["birthday"], member["phone_verified"], member["state"]) == ("1990-05-17", False, "active")
    again = till.post("/members", joining(phone="8 916 123-45-67", name="Somebody Else"))
    assert (again.status_code, again.json["created"]) == (200, False)
    assert again.json["member"] == member


def test_the_answer_to_a_repeated_joining_names_the_member_but_nobody_is_kept_in_it(till: Api):
    first = till.post("/members", joining(), key="j")
    again = till.post("/members", joining(), key="j")
    assert (again.status_code, again.json) == (201, first.json)
    assert again.headers["Idempotent-Replayed"] == "true"
    [kept] = till.ask("select cast(answer as varchar) as answer from idempotency")
    assert "Ada" not in kept.answer
    assert "916" not in kept.answer


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"phone": None}, "contact-needed"),
        ({"phone": CANARY}, "wrong-phone"),
        ({"email": CANARY}, "wrong-email"),
        ({"consents": []}, "invalid-body"),
        ({"consents": ["marketing:email"]}, "consent-needed"),
        ({"consents": ["programme", CANARY]}, "unknown-consent"),
        ({"name": ""}, "invalid-body"),
        ({"name": "\u200b"}, "wrong-name"),
        ({"birthday": "1990-02-30"}, "invalid-body"),
        ({"birthday": 19900230}, "invalid-body"),
        ({"birthday": "2027-01-01"}, "wrong-birthday"),
        ({"language": "de"}, "invalid-body"),
        ({"time_zone": "Mars/Base"}, "wrong-time-zone"),
        ({"at": "2026-03-05T12:00:00Z"}, "joining-in-the-future"),
        ({"points": 1_000_000}, "invalid-body"),
        ({"member_id": "1"}, "invalid-body"),
        ({"role": "owner"}, "invalid-body"),
    ],
)
def test_a_bad_joining_is_a_clear_problem_and_stores_nothing(till: Api, wrong: dict[str, Any], code: str):
    before = stored(till)
    problem(till.post("/members", joining(**wrong)), 422, code)
    assert stored(till) == before


def test_a_member_is_found_by_what_is_known(office: Api, ada: dict[str, Any]):
    for query in ({"phone": "+7 916 123 45 67"}, {"code": ada["card_number"]}):
        assert office.get("/members", **query).json["id"] == ada["id"]
    assert office.get(f"/members/{ada['id']}").json["balance"]["available"] == 500
    problem(office.get("/members", phone="+79160000000"), 404, "unknown-member")
    problem(office.get("/members"), 422, "invalid-parameters")
    problem(office.get("/members", phone="+79161234567", code="1"), 422, "invalid-parameters")
    problem(office.get("/members/nothing"), 422, "wrong-member-id")


def test_a_member_is_corrected_and_the_audit_says_by_whom(office: Api, ada: dict[str, Any]):
    answer = office.send("PATCH", f"/members/{ada['id']}", {"name": "Ada King", "birthday": "1990-05-17"}, key="p")
    assert (answer.json["name"], answer.json["birthday"]) == ("Ada King", "1990-05-17")
    again = office.send("PATCH", f"/members/{ada['id']}", {"name": "Ada King", "birthday": "1990-05-17"}, key="p")
    assert again.headers["Idempotent-Replayed"] == "true"
    [deed] = office.ask("select actor_kind, subject_id from audit_entry where action = 'member.corrected'")
    assert deed == ("api_key", ada["id"])
    taken_back = office.send("PATCH", f"/members/{ada['id']}", {"birthday": None})
    assert taken_back.json["birthday"] is None


def test_another_contact_pauses_spending_and_the_old_one_is_written_to(office: Api, web_shop: Api, ada: dict[str, Any]):
    answer = office.send("PATCH", f"/members/{ada['id']}", {"phone": "+79169999999"})
    assert answer.json["phone"] == "+79169999999"
    [message] = office.ask("select cast(arguments as varchar) as told from job where kind = 'send_sms'")
    assert "+79161234567" in message.told
    spending = receipt(member={"id": ada["id"]}, points_requested=10)
    problem(web_shop.post("/receipts", spending), 422, "spending-paused")
    problem(office.send("PATCH", f"/members/{ada['id']}", {"phone": CANARY}), 422, "wrong-phone")


def test_a_contact_of_another_member_is_not_taken(office: Api, ada: dict[str, Any]):
    office.post("/members", joining(phone="+79162222222", name="Ben"))
    before = stored(office)
    problem(office.send("PATCH", f"/members/{ada['id']}", {"phone": "+79162222222"}), 409, "contact-taken")
    assert stored(office) == before


def test_a_member_is_forgotten_and_the_numbers_stay(office: Api, till: Api, ada: dict[str, Any]):
    till.post("/receipts", receipt(member={"id": ada["id"]}))
    gone = office.call("DELETE", f"/members/{ada['id']}", headers={"Idempotency-Key": "d"})
    assert gone.json == {"member_id": ada["id"], "erased": True}
    again = office.call("DELETE", f"/members/{ada['id']}", headers={"Idempotency-Key": "d"})
    assert again.json == gone.json
    shown = office.get(f"/members/{ada['id']}").json
    assert (shown["name"], shown["phone"], shown["card_number"], shown["state"]) == ("", None, None, "left")
    assert shown["balance"]["available"] == 0
    problem(office.get("/members", phone="+79161234567"), 404, "unknown-member")
    problem(till.post("/receipts", receipt("2", member={"id": ada["id"]})), 422, "member-left")
    problem(office.send("PATCH", f"/members/{ada['id']}", {"name": "Ada"}), 422, "member-left")
    problem(till.call("DELETE", f"/members/{ada['id']}"), 403, "scope-missing")


def rotating_code(shop: Api, member: dict[str, Any]) -> str:
    """Return the 26 digits that the member's phone draws now."""
    with transaction(shop.app.extensions["engine"], writes=True) as session:
        opened = open_session(session, member["id"], user_agent="", now=shop.now)
        device = enrol_device(session, member["id"], session_id=opened.id, now=shop.now)
    return draw_code(member["card_number"], key=device.key, window=window_at(shop.now))


def test_the_code_of_the_phone_proves_who_it_is_and_spends(shop: Api, till: Api, ada: dict[str, Any]):
    code = rotating_code(till, ada)
    assert till.post("/members/identify", {"code": code}).json["verified"] == "rotating"
    spent = till.post("/receipts", receipt(member={"code": code}, points_requested=100))
    assert spent.json["points_spent"] == 100
    second = till.post("/receipts", receipt("T3-2", member={"code": code}, points_requested=100))
    assert second.status_code == 422
    other = shop.key("till").post("/members/identify", {"code": code}).json
    assert (other["verified"], other["proof"]) == ("static", "used")


def test_a_scan_may_be_told_again_under_its_key_alone(till: Api, ada: dict[str, Any]):
    shown = {"code": rotating_code(till, ada)}
    told = [till.post("/members/identify", shown, key=key).json["verified"] for key in ("s1", "s1", "s2")]
    assert told == ["rotating", "rotating", "static"]


def test_a_forged_code_is_counted_although_it_is_refused(till: Api, ada: dict[str, Any]):
    code = rotating_code(till, ada)
    forged = code[:-1] + str((int(code[-1]) + 1) % 10)
    refused = till.post("/members/identify", {"code": forged})
    assert refused.status_code == 422
    [device] = till.ask("select bad_macs from card_device")
    assert device.bad_macs == 1


def test_a_card_number_is_known_again_but_may_only_earn(till: Api, ada: dict[str, Any]):
    found = till.post("/members/identify", {"code": ada["card_number"]}).json
    assert (found["member_id"], found["first_name"], found["verified"]) == (ada["id"], "Ada", "static")
    assert found["balance"]["available"] == 500
    assert "phone" not in found


@pytest.mark.parametrize(
    ("code", "status", "refusal"),
    [("1" * 10, 422, "wrong-code"), (CANARY, 422, "wrong-code"), ("", 422, "invalid-body"), (7, 422, "invalid-body")],
)
def test_a_code_of_nobody_is_told_so(till: Api, code: Any, status: int, refusal: str):
    problem(till.post("/members/identify", {"code": code}), status, refusal)


def test_the_balance_is_told_as_of_any_instant(office: Api, ada: dict[str, Any]):
    path = f"/members/{ada['id']}/balance"
    assert office.get(path).json["available"] == 500
    before = (office.now - timedelta(seconds=1)).isoformat()
    assert office.get(path, at=before).json["available"] == 0
    problem(office.get(path, at="yesterday"), 422, "invalid-parameters")
    problem(office.get(path, at="2026-03-04T12:00:00"), 422, "invalid-parameters")
    problem(office.get(f"/members/{'0' * 26}/balance"), 404, "unknown-member")


def test_an_entry_is_explained_in_words(office: Api, till: Api, ada: dict[str, Any]):
    bought = till.post("/receipts", receipt(member={"id": ada["id"]})).json
    path = f"/members/{ada['id']}/entries/{bought['entries'][-1]}"
    told = office.call("GET", path, headers={"Accept-Language": "en"}).json
    assert (told["points"], told["title"], told["receipt_id"]) == (12, "Base", bought["receipt_id"])
    assert "12.5" in told["text"]
    for number in ("0", "99", "x", "²", "1" * 16):
        problem(office.get(f"/members/{ada['id']}/entries/{number}"), 404, "unknown-entry")


def test_entries_are_read_page_by_page(office: Api, till: Api, ada: dict[str, Any]):
    for number in range(4):
        till.post("/receipts", receipt(str(number), member={"id": ada["id"]}))
    path, numbers, query = f"/members/{ada['id']}/entries", [], {"limit": 2}
    while True:
        page = office.get(path, **query).json
        numbers += [entry["number"] for entry in page["entries"]]
        if page["next"] is None:
            break
        query = {"limit": 2, "cursor": page["next"]}
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == 5
    assert all(sum(entry["postings"].values()) == 0 for entry in page["entries"])
    for wrong in ({"limit": 201}, {"limit": 0}, {"cursor": "x"}, {"page": 1}):
        problem(office.get(path, **wrong), 422, "invalid-parameters")


def test_an_entry_that_is_not_posted_yet_tells_no_hash_that_will_not_stand(office: Api, ada: dict[str, Any]):
    owner = office.key("shop")
    owner.post("/holds", {"member": {"id": ada["id"]}, "points": 7, "ttl_seconds": 60})
    owner.now += timedelta(minutes=2)
    path = f"/members/{ada['id']}/entries"
    due, held = owner.get(path, limit=2).json["entries"]
    assert (due["kind"], due["posted_at"], due["hash"]) == ("timeout", None, None)
    assert held["posted_at"]
    assert held["hash"]
    owner.post("/receipts", receipt(member={"id": ada["id"]}))
    posted = owner.get(path, limit=2).json["entries"][1]
    assert posted == due | {"posted_at": posted["posted_at"], "hash": posted["hash"]}
    assert posted["hash"]
