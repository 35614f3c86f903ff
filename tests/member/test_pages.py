"""Card, history, entry, calculator and profile of a member who bought something."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from portal.db import transaction
from portal.members.lookup import by_email
from portal.members.queries import find_person
from portal.programme.consents import BY_EMAIL, record_answers
from portal.programme.publish_rulebook import publish_rulebook
from portal.rulebook.document import document_json, load_json
from portal.rulebook.receipt import Line
from tests.member.shop import NOW, buy, join, shop_rulebook
from tests.pages import Pages

CREAM = Line(n=1, gross=199900, title="Cream", brand="Innisfree")
SHAMPOO = Line(n=1, gross=30000, title="Shampoo")


@pytest.fixture
def ada(shop: Pages, sqlite: Engine) -> Pages:
    """Give Ada's browser; she has bought a cream."""
    join(shop.speaking("en"))
    buy(sqlite, "ada@example.com", CREAM)
    return shop


def test_an_entry_explains_the_receipt_rule_by_rule(ada: Pages) -> None:
    page = ada.get("/history/2")
    assert page.heading == "Purchase"
    assert "5% of RUB 1,999.00 = 99.95 → 99 points" in page.words
    assert "Korean cosmetics +50" in page.words.replace("Korean cosmetics 50", "Korean cosmetics +50")
    assert "In all +149" in page.words
    assert "Receipt T1-000001" in page.words
    assert "Version 17 of the rules" in page.words


def test_an_entry_says_what_did_not_count_and_why(ada: Pages, sqlite: Engine) -> None:
    buy(sqlite, "ada@example.com", SHAMPOO, number="T1-000002")
    words = ada.get("/history/4").words
    assert "Did not count, and why Korean cosmetics" in words


def test_points_paid_stand_in_the_slip_with_their_money(ada: Pages, sqlite: Engine) -> None:
    page = ada.get("/history/1")
    assert page.heading == "Welcome points"
    assert "In all +300" in page.words


def test_another_members_entry_is_not_there(ada: Pages) -> None:
    ben = Pages(ada.app)
    join(ben, name="Ben", contact="ben@example.com")
    assert ben.get("/history/2").status == 404
    assert ben.get("/history/999999999999999999999").status == 404


def test_history_is_one_row_for_each_receipt(ada: Pages) -> None:
    rows = ada.get("/history").find_all("a", class_="row")
    assert [row.get("href") for row in rows] == ["/history/2", "/history/1"]


def test_history_before_an_entry_goes_on_below_it(ada: Pages) -> None:
    assert [row.get("href") for row in ada.get("/history?before=2").find_all("a", class_="row")] == ["/history/1"]
    assert ada.get("/history?before=x").status == 200


def test_the_calculator_judges_as_the_till_would(ada: Pages) -> None:
    page = ada.get("/calculator?lines=1&line1-amount=1999&line1-kind=brand:Innisfree")
    assert "In points +149" in page.words
    assert "Did not count" not in page.words
    assert "Did not count, and why" in ada.get("/calculator?lines=1&line1-amount=1+999,00").words


def test_the_calculator_offers_no_more_points_than_there_are(ada: Pages) -> None:
    assert "You could pay 449 points of it" in ada.get("/calculator?lines=1&line1-amount=100000").words
    assert "You could pay 30 points of it" in ada.get("/calculator?lines=1&line1-amount=100").words


def test_the_calculator_asks_for_a_sum(ada: Pages) -> None:
    assert ada.get("/calculator").status == 200
    for typed in ("", "-5", "0", "abc", "1.2.3,4,5", "9" * 30):
        page = ada.get("/calculator", query_string={"lines": "1", "line1-amount": typed})
        assert page.status == 422
        assert page.find("a", href="#line1-amount") is not None


def test_the_summary_says_which_line_of_several_is_wrong(ada: Pages) -> None:
    page = ada.get("/calculator?lines=3&line1-amount=x&line2-amount=100&line3-amount=y")
    told = {link.get("href"): link.text for link in page.find_all("a") if link.get("href", "").startswith("#line")}
    wrong = "Type a sum, as 1999 or 1999.50."
    assert told == {"#line1-amount": f"Line 1: {wrong}", "#line3-amount": f"Line 3: {wrong}"}


def test_the_calculator_grows_by_a_line(ada: Pages) -> None:
    page = ada.get("/calculator?lines=1&line1-amount=100&more=y")
    assert len(page.find_all("fieldset")) == 2
    assert page.find("input", id="line1-amount").get("value") == "100"
    assert len(ada.get("/calculator?lines=99").find_all("fieldset")) == 6


def test_a_consent_is_given_and_withdrawn_in_one_tap(ada: Pages) -> None:
    ada.post("/profile/consents", {"consent": "marketing:email", "decision": "granted"})
    assert ada.get("/profile").find("button", value="withdrawn") is not None
    assert "Given on 4 March" in ada.get("/profile").words
    ada.post("/profile/consents", {"consent": "marketing:email", "decision": "withdrawn"})
    assert ada.get("/profile").find("button", value="granted") is not None
    assert ada.post("/profile/consents", {"consent": "programme", "decision": "withdrawn"}).status == 400


def test_a_consent_that_was_given_stands_in_the_words_of_then(ada: Pages, sqlite: Engine) -> None:
    words = {"ru": "Так писали раньше.", "en": "So it was said before."}
    before = replace(BY_EMAIL, version="email-0", texts=words)
    with transaction(sqlite, writes=True) as session:
        person = find_person(session, by_email("ada@example.com"))
        assert person is not None
        record_answers(session, person.id, [(before, True)], language="en", source="join", proof=None, now=NOW)
    assert words["en"] in ada.get("/profile").words
    ada.post("/profile/consents", {"consent": "marketing:email", "decision": "withdrawn"})
    assert words["en"] not in ada.get("/profile").words


def test_another_browser_is_signed_out_from_here(ada: Pages) -> None:
    other = Pages(ada.app)
    join(other)
    assert other.get("/home").status == 200
    assert ada.get("/profile").find("a", href="/profile/devices") is not None
    session = ada.get("/profile/devices").find("button", name="session").get("value")
    ada.post("/profile/devices/end", {"session": session})
    assert other.get("/home").status == 303
    assert ada.get("/home").status == 200


def test_everywhere_else_is_signed_out_at_once(ada: Pages) -> None:
    others = [Pages(ada.app), Pages(ada.app)]
    for other in others:
        join(other)
    assert len(ada.get("/profile/devices").find_all("button", name="session")) == 2
    ada.post("/profile/devices/end-others")
    assert [other.get("/home").status for other in others] == [303, 303]
    page = ada.get("/profile/devices")
    assert page.find_all("button", name="session") == []
    assert "this browser" in page.words


def test_a_device_tells_what_its_card_is_good_for(ada: Pages, sqlite: Engine) -> None:
    assert "The card needs a network" in ada.get("/profile/devices").words
    ada.post("/card/key")
    assert "The card works without a network" in ada.get("/profile/devices").words
    with sqlite.begin() as connection:
        connection.execute(text("update card_device set bad_macs = 10"))
    assert "The card only earns until it is opened with a network" in ada.get("/profile/devices").words


def test_signing_out_ends_the_session_and_not_only_the_cookie(ada: Pages) -> None:
    kept = ada.client.get_cookie("session").value
    ada.post("/sign-out")
    assert ada.get("/home").status == 303
    ada.client.set_cookie("session", kept)
    assert ada.get("/home").status == 303


def test_the_profile_of_a_phone_left_lying_asks_for_a_code_again(ada: Pages) -> None:
    ada.app.extensions["clock"] = lambda: NOW + timedelta(hours=13)
    assert ada.get("/home").status == 200
    assert ada.get("/profile").location == "/sign-in?next=/profile"


def test_a_members_language_goes_with_the_member(ada: Pages) -> None:
    ada.post("/language", {"language": "ru"})
    assert ada.get("/home").find("html").get("lang") == "ru"
    other = Pages(ada.app).speaking("en")
    join(other)
    assert other.get("/home").find("html").get("lang") == "ru"


def test_days_and_hours_are_the_shops_own(shop: Pages) -> None:
    """Half past ten in the evening in London is the next day in Moscow."""
    shop.app.extensions["clock"] = lambda: NOW.replace(hour=22)
    for browser in (Pages(shop.app).speaking("en"), shop.speaking("en")):
        join(browser, news=True)
    shop.post("/wishes", {"words": "Hand cream"})
    assert "Given on 5 March" in shop.get("/profile").words
    assert "last seen 5 March, 01:30" in shop.get("/profile/devices").words
    assert "Asked · 5 March" in shop.get("/wishes").words


def test_the_profile_promises_what_the_shop_has_alone(ada: Pages, sqlite: Engine) -> None:
    words = ada.get("/profile").words
    assert "Invite a friend" not in words
    assert "a gift around it" not in words
    rulebook = load_json(document_json(shop_rulebook()) | {"version": 18, "referral": {"referrer_points": 100}})
    with transaction(sqlite, writes=True) as session:
        publish_rulebook(session, rulebook, effective_from=NOW, now=NOW)
    assert "Invite a friend" in ada.get("/profile").words
