"""Letting a device in, signing in by PIN, and every way a shift ends."""

import pytest
from sqlalchemy import text

from portal.staff import operations as staff
from tests.till.shop import Till


def test_a_strange_device_is_asked_for_a_code(device: Till):
    for path in ("/till", "/till/refund", "/till/join", "/till/sign-in"):
        assert device.pages.get(path).location == "/till/enrol"
    assert device.pages.post("/till/member", {"shown": "1"}).location == "/till/enrol"


def test_looking_at_the_link_uses_nothing_up(device: Till):
    code = device.invite()
    for _ in range(2):
        page = device.pages.get(f"/till/enrol/{code}")
        assert page.find("input", name="code").get("value") == code
    assert device.pages.post("/till/enrol", {"code": code.lower().replace("-", " ")}).location == "/till/sign-in"


@pytest.mark.parametrize("typed", ["", "K7QF", "K7QF-2M9X-PR4T"])
def test_a_wrong_code_lets_nothing_in(device: Till, typed: str):
    page = device.pages.post("/till/enrol", {"code": typed})
    assert page.status == 422
    assert page.find("input", name="code").get("aria-invalid") == "true"
    assert "Set-Cookie" not in page.answer.headers


def test_a_code_lets_one_device_in_within_half_an_hour(device: Till):
    late, used = device.invite(), device.invite()
    assert device.pages.post("/till/enrol", {"code": used}).status == 303
    assert device.pages.post("/till/enrol", {"code": used}).status == 422
    device.wait(minutes=31)
    assert device.pages.post("/till/enrol", {"code": late}).status == 422


def test_the_names_are_offered_and_the_pin_opens_the_till(device: Till):
    page = device.enrol()
    assert [label.get("value") for label in page.find_all("input", type="radio")] == [device.mira, device.tim]
    assert "Store S1, till T1" in page.words
    page = device.pages.follow(device.sign_in())
    assert page.heading == "Scan the card"
    assert "Tim" in page.words
    assert device.pages.get("/till/sign-in").location == "/till"


def test_the_cookies_are_out_of_reach_of_scripts_and_other_sites(device: Till):
    answer = device.pages.post("/till/enrol", {"code": device.invite()}).answer
    kept = answer.headers.getlist("Set-Cookie")[0]
    assert "HttpOnly" in kept
    assert "SameSite=Strict" in kept


def test_a_wrong_pin_is_told_and_the_fifth_locks(device: Till):
    device.enrol()
    for _ in range(5):
        page = device.sign_in(pin="0001")
        assert page.status == 422
        assert "This name and PIN do not belong together." in page.words
        assert not page.find("input", name="pin").get("value")
    page = device.sign_in()
    assert page.status == 429
    assert page.answer.headers["Retry-After"] == "901"
    assert "Wait 16 min" in page.words


def test_a_refused_pin_stands_in_the_log_with_its_name_and_till(device: Till, caplog: pytest.LogCaptureFixture):
    device.enrol()
    for who in (device.tim, "+7 912 345-67-89"):
        device.sign_in(who, pin="0001")
    for _ in range(5):
        device.sign_in(pin="0001")
    refused = [each for each in caplog.records if each.message == "PIN refused"]
    told = [(each.code, each.staff) for each in refused]
    assert told == [
        ("pin-wrong", device.tim),
        ("pin-wrong", None),
        *[("pin-wrong", device.tim)] * 4,
        ("pin-locked", device.tim),
    ]
    assert {each.till for each in refused} == {
        device.write(lambda session: session.scalar(text("select id from till_device")))
    }
    assert "0001" not in str([vars(each) for each in refused])


def test_without_a_name_or_a_pin_nothing_is_tried(device: Till):
    device.enrol()
    page = device.pages.post("/till/sign-in", {"pin": "4711"})
    assert page.status == 422
    assert "Choose your name." in page.words
    assert device.sign_in(pin=" ").status == 422


def test_a_locked_till_asks_the_same_name_for_the_pin(till: Till):
    page = till.pages.follow(till.pages.post("/till/lock"))
    assert [each.get("value") for each in page.find_all("input") if "checked" in each.attrib] == [till.tim]
    assert till.pages.get("/till").location == "/till/sign-in"
    assert till.sign_in().location == "/till"


def test_the_end_of_a_shift_forgets_who_it_was(till: Till):
    page = till.pages.follow(till.pages.post("/till/end"))
    assert [each for each in page.find_all("input") if "checked" in each.attrib] == []


def test_ten_minutes_without_a_hand_lock_the_till(till: Till):
    for _ in range(3):
        till.wait(minutes=9)
        assert till.pages.get("/till").status == 200
    till.wait(minutes=9)
    assert till.scan(till.card()).status == 200
    till.wait(minutes=10)
    assert till.pages.post("/till/quote").location == "/till/sign-in"


def test_a_revoked_till_is_out_at_once(till: Till):
    device_id = till.write(
        lambda session: session.scalar(text("select id from till_device where token_hash is not null"))
    )
    till.write(lambda session: staff.revoke_till(session, device_id, now=till.now))
    assert till.pages.get("/till").location == "/till/enrol"
    assert till.scan(till.card()).location == "/till/enrol"


def test_who_was_let_go_is_out_at_once(till: Till):
    till.write(lambda session: staff.let_go(session, till.tim, now=till.now))
    assert till.pages.get("/till").location == "/till/sign-in"
    assert till.sign_in().status == 422


def test_the_shift_of_another_till_is_worth_nothing_here(till: Till):
    shift = till.pages.client.get_cookie("shift")
    code = till.invite(till="T2")
    other = till.pages.app.test_client()
    other.set_cookie("till", till.write(lambda session: staff.enrol_till(session, code, now=till.now)).token)
    other.set_cookie("shift", shift.value)
    assert other.get("/till").headers["Location"] == "/till/sign-in"
