"""The own card on the own shift: one sale, once a second person typed the PIN; goods come back through others."""

from collections.abc import Callable

import pytest

from portal.db import run
from portal.staff import operations as staff
from portal.staff.queries import read_audit
from tests.pages import Page
from tests.till.shop import MIRA_PIN, TIM_PIN, Till, fields


@pytest.fixture
def own(till: Till) -> Till:
    """Give a till with Tim on shift, who is the member Ada."""
    till.write(lambda session: staff.link_own_card(session, till.tim, till.ada, now=till.now))
    till.sign_in()
    return till


def allow(till: Till, asked: Page, who: str = "", pin: str = MIRA_PIN) -> Page:
    typed = {**fields(asked, "/till/own-card"), "who": who or till.mira, "pin": pin}
    return till.pages.post("/till/own-card", typed)


def sell(till: Till, page: Page, **more: str) -> Page:
    quote = till.send(page, "/till/quote", **{"line1-price": "1000", **more})
    return till.pages.follow(till.confirm(quote))


def test_the_own_card_asks_for_a_second_person(own: Till):
    page = own.scan(own.code())
    assert (page.status, page.heading) == (403, "Your own card")
    assert [each.get("value") for each in page.find_all("input", type="radio")] == [own.mira]


def test_a_second_person_allows_one_sale(own: Till):
    basket = allow(own, own.scan(own.code()))
    assert (basket.status, basket.heading) == (200, "Purchase")
    assert "May spend points" in basket.words
    assert sell(own, basket, points="100").heading == "Recorded"
    assert own.scan(own.code()).heading == "Your own card"
    deeds = [link.deed for link in run(own.engine, read_audit, writes=False)]
    (allowed,) = [deed for deed in deeds if deed.action == "own_card.allowed"]
    assert (allowed.actor_id, allowed.subject_id) == (own.mira, own.tim)


def test_a_lost_answer_is_asked_for_again_and_recorded_once(own: Till):
    quote = own.send(allow(own, own.scan(own.card())), "/till/quote", **{"line1-price": "1000"})
    told = fields(quote, "/till/receipts")
    assert own.pages.post("/till/receipts", told).location == own.pages.post("/till/receipts", told).location
    assert own.count("receipt") == 1


@pytest.mark.parametrize(("who", "pin"), [("tim", TIM_PIN), ("mira", "0001"), ("nobody", MIRA_PIN), ("mira", "")])
def test_neither_oneself_nor_a_wrong_pin_allows_it(own: Till, who: str, pin: str):
    page = allow(own, own.scan(own.card()), getattr(own, who, who), pin)
    assert page.status in {403, 422}
    assert page.find("input", name="pin").get("aria-invalid") == "true"
    assert own.count("own_card_sale") == 0


def test_wrong_pins_of_the_second_person_are_counted(own: Till):
    asked = own.scan(own.card())
    for _ in range(5):
        allow(own, asked, pin="0001")
    assert allow(own, asked).status == 429


def test_the_leave_is_of_no_use_for_another_card(own: Till):
    ben = own.join("Ben", "ben@example.com")
    number = own.scan("ben@example.com")
    assert number.heading == "Purchase"
    page = allow(own, own.scan(own.card()), pin=MIRA_PIN)
    forged = {**fields(page, "/till/quote"), "member": ben, "line1-price": "10"}
    assert own.pages.post("/till/quote", forged).status == 200  # Ben's own sale needs no leave
    stolen = {**fields(number, "/till/quote"), "member": own.ada, "line1-price": "10"}
    assert own.pages.post("/till/quote", stolen).status == 403


@pytest.mark.parametrize("shown", [Till.card, Till.code])
def test_the_own_card_is_not_shown_in_the_name_of_another(own: Till, shown: Callable[[Till], str]):
    own.join("Ben", "ben@example.com")
    forged = {**fields(own.scan("ben@example.com"), "/till/quote"), "code": shown(own), "line1-price": "10"}
    for action, more in (("/till/quote", {}), ("/till/receipts", {"due": "1000"}), ("/till/basket", {})):
        assert own.pages.post(action, {**forged, **more}).status == 422
    assert own.count("receipt") == 0


def test_nobody_takes_back_what_the_own_card_bought(own: Till):
    path = sell(own, allow(own, own.scan(own.card()))).answer.request.path
    receipt = path.rpartition("/")[2]
    for page in (own.pages.get(f"/till/refund/{receipt}"), own.pages.post(f"/till/refund/{receipt}", {"all": "y"})):
        assert page.status == 403
        assert "Ask somebody else of the staff." in page.words
    own.sign_in(own.mira, MIRA_PIN)
    assert own.pages.get(f"/till/refund/{receipt}").status == 200


def test_guests_and_strangers_are_no_own_cards(till: Till):
    receipt = till.sell(till.card()).answer.request.path.rpartition("/")[2]
    assert till.pages.get(f"/till/refund/{receipt}").status == 200


def test_the_own_phone_is_not_asked_alone(own: Till):
    own.join("Ben", "ben@example.org")
    told = {**fields(own.scan("ben@example.org"), "/till/quote"), "member": own.ada, "line1-price": "1000"}
    assert own.pages.post("/till/approvals", told).status == 403
    assert own.count("spending_approval") == 0


def test_the_own_receipts_are_not_shown_for_a_return(own: Till):
    page = own.pages.post("/till/refund/member", {"shown": own.card()})
    assert page.status == 403
    assert "Ask somebody else of the staff." in page.words
