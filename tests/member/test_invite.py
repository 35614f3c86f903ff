"""Inviting and being invited, on the pages."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from portal.db import transaction
from portal.programme.publish_rulebook import publish_rulebook
from portal.referrals.link import LinkTerms
from portal.referrals.operations import make_link
from portal.rulebook.document import document_json, load_json
from portal.rulebook.receipt import Line
from tests.member.shop import NOW, buy, join, shop_rulebook, shown_code
from tests.pages import Page, Pages

DAY = timedelta(days=1)


@pytest.fixture
def ada(shop: Pages) -> Pages:
    join(shop.speaking("en"))
    return shop


def code_on(page: Page) -> str:
    found = re.search(r"/i/(\w+)", page.answer.text)
    assert found
    return found[1]


def friend(app: Flask) -> Pages:
    """Give the browser of somebody who is nobody here yet."""
    return Pages(app).speaking("en")


def go_in(pages: Pages, contact: str = "cleo@example.com", **told: str) -> Page:
    typed = shown_code(pages.follow(pages.post("/join", {"contact": contact})))
    pages.follow(pages.post("/code", {"code": typed}))
    return pages.post("/welcome", {"name": "Cleo", "programme": "y", **told})


def test_a_member_has_a_link_a_code_and_a_picture_of_it(ada: Pages):
    page = ada.get("/invite")
    code = code_on(page)
    assert page.heading == "Invite a friend"
    assert f"{code[:4]} {code[4:]}" in page.words
    assert page.find("svg", class_="scan-code").get("aria-label") == "Code that opens your invitation"
    assert code_on(ada.get("/invite")) == code
    assert "Opened your invitation 0 Joined 0 Bought 0" in page.words


def test_a_friend_comes_by_the_link_and_shows_in_the_funnel(ada: Pages, app: Flask, sqlite: Engine):
    code = code_on(ada.get("/invite"))
    cleo = friend(app)
    page = cleo.get(f"/i/{code}")
    assert page.heading == "Ada invites you"
    assert "300 points for you at once, until 18 March inclusive." in page.words
    cleo.get(f"/i/{code[:4]}%20{code[4:]}")
    assert cleo.follow(go_in(cleo)).status == 200
    assert "Opened your invitation 1 Joined 1 Bought 0" in ada.get("/invite").words
    buy(sqlite, "cleo@example.com", Line(n=1, gross=100000))
    told = ada.get("/invite").words
    assert "Bought 1" in told
    assert "Cleo 4 March 1 purchase" in told


def test_a_code_told_by_word_of_mouth_is_typed_in(ada: Pages, app: Flask):
    code = code_on(ada.get("/invite"))
    cleo = friend(app)
    wrong = go_in(cleo, invite="00000000")
    assert (wrong.status, wrong.find("input", id="invite").get("aria-invalid")) == (422, "true")
    right = cleo.post("/welcome", {"name": "Cleo", "programme": "y", "invite": f"{code[:4]} {code[4:]}"})
    assert right.status == 303
    assert "Joined 1" in ada.get("/invite").words


def test_the_invitation_is_said_on_the_way_in_and_forgotten_after(ada: Pages, app: Flask):
    cleo = friend(app)
    cleo.get(f"/i/{code_on(ada.get('/invite'))}")
    typed = shown_code(cleo.follow(cleo.post("/join", {"contact": "cleo@example.com"})))
    details = cleo.follow(cleo.post("/code", {"code": typed}))
    assert "You come by an invitation" in details.words
    answer = cleo.post("/welcome", {"name": "Cleo", "programme": "y"}).answer
    assert any(each.startswith("invite=;") for each in answer.headers.getlist("Set-Cookie"))


def test_an_invitation_of_long_ago_counts_no_more(ada: Pages, app: Flask):
    cleo = friend(app)
    cleo.get(f"/i/{code_on(ada.get('/invite'))}")
    app.extensions["clock"] = lambda: NOW + 31 * DAY
    go_in(cleo)
    app.extensions["clock"] = lambda: NOW
    assert "Opened your invitation 1 Joined 0" in ada.get("/invite").words


def test_the_own_phone_brings_nobody(ada: Pages):
    code = code_on(ada.get("/invite"))
    ada.post("/sign-out")
    ada.get(f"/i/{code}")
    ada.follow(go_in(ada, contact="second@example.com"))
    assert ada.get("/home").status == 200
    with transaction(ada.app.extensions["engine"], writes=False) as session:
        assert session.scalar(text("select decision from joining")) == "same_device"


def test_a_messengers_preview_is_no_opening(ada: Pages, app: Flask):
    code = code_on(ada.get("/invite"))
    for agent in ("TelegramBot (like TwitterBot)", "WhatsApp/2.23", "facebookexternalhit/1.1"):
        page = friend(app).get(f"/i/{code}", headers={"User-Agent": agent})
        assert page.find("meta", property="og:title").get("content") == "Ada invites you"
    friend(app).get(f"/i/{code}", headers={"Sec-Purpose": "prefetch"})
    assert "Opened your invitation 0" in ada.get("/invite").words


def test_an_address_that_leads_nowhere_says_so_and_lets_in(app: Flask, shop: Pages):
    page = shop.speaking("en").get("/i/nobody-knows")
    assert (page.status, page.heading) == (404, "This invitation is over")
    assert page.find("a", href="/join") is not None


def test_whoever_invites_sees_the_own_page_and_members_are_told(ada: Pages, app: Flask):
    code = code_on(ada.get("/invite"))
    assert ada.get(f"/i/{code}").location == "/invite"
    ben = friend(app)
    go_in(ben, contact="ben@example.com")
    page = ben.get(f"/i/{code}")
    assert "You are a member already" in page.words
    assert "Opened your invitation 0" in ada.get("/invite").words


def test_a_code_is_chosen_once_and_both_go_on_working(ada: Pages, app: Flask):
    first = code_on(ada.get("/invite"))
    wrong = ada.post("/invite/code", {"code": "наш"})
    assert (wrong.status, wrong.find("input", id="code").get("aria-invalid")) == (422, "true")
    assert ada.follow(ada.post("/invite/code", {"code": "lola-26"})).find_all("form", action="/invite/code") == []
    assert "LOLA26" in ada.get("/invite").words
    for code in (first, "LOLA26", "10la26"):
        assert friend(app).get(f"/i/{code}").heading == "Ada invites you"
    assert ada.post("/invite/code", {"code": "again26"}).status == 409


def test_a_partners_link_says_who_invites(shop: Pages, app: Flask, sqlite: Engine):
    terms = LinkTerms(slug="fitmaster", title="FitMaster", owner_kind="partner", welcome_points=500)
    with transaction(sqlite, writes=True) as session:
        make_link(session, terms, now=NOW)
    page = friend(app).get("/i/fitmaster")
    assert page.heading == "FitMaster invites you"
    assert "500 points for you at once" in page.words


def test_a_cookie_somebody_wrote_does_no_harm(shop: Pages, app: Flask):
    odd = ("", "x", "_", "a.b", "nobody.1772616600", "x" * 3000, "fit.9999999999", "a'b.1772616600")
    for n, cookie in enumerate(odd):
        cleo = friend(app)
        cleo.client.set_cookie("invite", cookie)
        assert cleo.follow(go_in(cleo, contact=f"cleo{n}@example.com")).status == 200


def test_an_odd_address_is_a_plain_page(shop: Pages, app: Flask):
    for code in ("..%2f..", "%00", "a" * 400, "//evil.example", "%0d%0aSet-Cookie:x"):
        answer = friend(app).client.get(f"/i/{code}")
        assert answer.status_code in {308, 404}
        assert "evil" not in answer.headers.get("Location", "").partition("/i/")[0]


def test_a_reward_for_joining_is_told_in_the_history(shop: Pages, app: Flask, sqlite: Engine):
    document = document_json(shop_rulebook()) | {
        "version": 18, "referral": {"referrer_points": 50, "referrer_bonus_when": "joined"},
    }  # fmt: skip
    with transaction(sqlite, writes=True) as session:
        publish_rulebook(session, load_json(document), effective_from=NOW, now=NOW)
    join(shop.speaking("en"))
    code = code_on(shop.get("/invite"))
    cleo = friend(app)
    cleo.get(f"/i/{code}")
    go_in(cleo)
    assert "For a friend you brought" in shop.get("/history").words
    entry = shop.get("/history/2")
    assert (entry.status, entry.heading) == (200, "For a friend you brought")
    assert "+50" in entry.words
    assert "Joined +50 points 1" in shop.get("/invite").words


def test_rules_dated_on_the_shops_clock_are_told_only_in_their_time(ada: Pages, sqlite: Engine) -> None:
    share = {"type": "accrue_percent", "rate_bp": 300, "to": "referrer"}
    told = {"id": "spring", "from": "2026-03-05T00:00", "until": "2026-04-01T00:00", "effects": [share]}
    document = document_json(shop_rulebook())
    rulebook = load_json({**document, "version": 18, "rules": [*document["rules"], told]})
    with transaction(sqlite, writes=True) as session:
        publish_rulebook(session, rulebook, effective_from=NOW, now=NOW)
    for path in ("/invite", "/clients", "/"):
        assert ada.get(path).status in (200, 303)
    assert "3%" not in ada.get("/invite").words
    ada.app.extensions["clock"] = lambda: NOW + DAY
    assert "And 3% of what they pay, every time." in ada.get("/invite").words
    assert friend(ada.app).get("/").status == 200
