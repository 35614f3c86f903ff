"""Whose purchase it is: the phone's code, the number on the card, a phone number, and what is none of them."""

import re

import pytest

from portal.config import ROOT
from portal.members import card_numbers
from portal.members.card_numbers import grouped
from portal.web import static
from tests.till.shop import PHONE, Till, asked


def test_the_code_of_the_phone_may_spend(till: Till):
    page = till.scan(till.code())
    assert page.heading == "Purchase"
    assert "Ada May spend points 300 points" in page.words
    assert "Wolf" not in page.words
    assert page.find("input", name="line1-price").get("autofocus") is not None
    pad = page.find("fieldset", class_="till-pad")
    assert pad.get("disabled") is not None, "a digit before the script would be lost"


def test_the_same_code_scanned_twice_at_this_till_is_one_scan(till: Till):
    code = till.code()
    assert [till.scan(code).find("input", name="code").get("value") for _ in range(2)] == [code, code]


@pytest.mark.parametrize("typed", ["{number}", "{grouped}", " {number}\n", PHONE, "9123456789", "8 (912) 345-67-89"])
def test_a_number_or_a_phone_only_earns(till: Till, typed: str):
    page = till.scan(typed.format(number=till.card(), grouped=grouped(till.card())))
    assert "Ada" in page.words
    assert "Earns only" in page.words
    assert page.find_all("input", name="code") == []


def test_of_a_phone_only_its_ends_are_shown(till: Till):
    assert "+7 ••• 89" in till.scan(PHONE).words


def test_a_wrong_digit_is_told_as_one(till: Till):
    number = till.card()
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    page = till.scan(wrong)
    assert page.status == 422
    assert "This is not a card number. It has ten digits" in page.words
    assert page.find("input", name="shown").get("value") == wrong


def test_the_page_checks_digits_by_the_same_table():
    script = (ROOT / "static/js/till-digits.js").read_text("utf-8")
    assert tuple(re.findall(r'"(\d{10})"', script)) == card_numbers._DAMM
    assert f"/^[{card_numbers.FIRST_DIGITS}]/" in script


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ("", 422, "Type a code, a card number or a phone."),
        ("+7 999 111-22-33", 200, "There is no such member."),
        ("123", 422, "This is not a phone number."),
        ("nobody@example.com", 200, "There is no such member."),
        ("9" * 26, 422, "This is not a code of a member."),
        ("1" * 200, 422, "This is not a code of a member."),
    ],
)
def test_what_finds_nobody_says_so_beside_the_field(till: Till, typed: str, status: int, said: str):
    page = till.scan(typed)
    assert page.status == status
    assert said in page.words
    assert page.find("input", name="shown").get("aria-invalid") == "true"


def test_a_forged_code_is_refused_and_counted(till: Till):
    code = till.code()
    forged = code[:-1] + str((int(code[-1]) + 1) % 10)
    for _ in range(10):
        assert "The code was not drawn by the member's phone." in till.scan(forged).words
    assert "Earns only" in till.scan(code).words


def test_an_old_code_says_why_it_only_earns(till: Till):
    code = till.code()
    till.wait(minutes=2)
    page = till.scan(code)
    assert "Earns only" in page.words
    assert "This code is old, used or seen by another till." in page.words


def test_a_scan_takes_two_statements_besides_those_that_tell_who_works_here(till: Till):
    till.scan(till.code())  # SQLite makes its views once for each connection
    who_works_here = 2
    assert len(asked(till.scan(till.code()))) - who_works_here == 2
    assert len(asked(till.scan(till.card()))) - who_works_here == 1


def test_no_contact_and_no_code_stands_in_an_address(till: Till):
    till.scan(PHONE)
    page = till.sell(till.code())
    assert till.ada not in str(page.answer.request.path)
    assert not [form for form in page.find_all("form", method="get") if form.get("action") == "/till/member"]


def test_only_pages_with_the_camera_may_run_the_reader(till: Till):
    quote = till.quote(till.card())
    with_camera = [till.pages.get("/till"), till.pages.get("/till/refund"), quote, till.sell(till.card(), "500")]
    with_camera.append(till.scan(till.card()))  # for the code that may spend
    without = [till.scan(till.code()), till.pages.get("/till/shift"), till.quote(till.code())]
    for page, may in [(each, True) for each in with_camera] + [(each, False) for each in without]:
        policy = page.answer.headers["Content-Security-Policy"]
        assert ("script-src 'self' 'wasm-unsafe-eval';" in policy) is may
        assert bool(page.find_all("video")) is may


def test_the_reader_is_served_by_us_compressed(till: Till):
    static.build()
    till.pages.app.entrance = static.serve(till.pages.app.entrance, headers={})
    address = static.static_url("vendor/zxing-wasm-3.1.3/zxing_reader.wasm")
    reader = till.pages.client.get(address, headers={"Accept-Encoding": "br"}, buffered=True)
    assert reader.headers["Content-Type"] == "application/wasm"
    assert reader.headers["Content-Encoding"] == "br"
    assert len(reader.data) < 400_000
