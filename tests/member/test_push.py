"""The page about notifications, and what browsers tell it."""

import json

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from portal.db import transaction
from portal.programme.erase_member import erase_member
from portal.vapid import make_private_key
from tests.conftest import SECRET
from tests.member.shop import join
from tests.pages import SAME_ORIGIN, Pages
from tests.push.service import HOSTS, Phone

PIXEL = Phone("pixel").subscription
FOX = Phone("fox", HOSTS[1]).subscription


@pytest.fixture
def ada(shop: Pages) -> Pages:
    """Give Ada's browser at a shop with a push key."""
    set_key(shop.app, make_private_key())
    join(shop.speaking("en"))
    return shop


def set_key(app: Flask, key: str) -> None:
    app.extensions["settings"] = app.extensions["settings"].model_copy(update={"push_private_key": key})


def tell(pages: Pages, told: object, **headers: str) -> int:
    body = told if isinstance(told, str) else json.dumps(told)
    answer = pages.client.post("/push/subscription", data=body, headers=SAME_ORIGIN | headers)
    return answer.status_code


def known(pages: Pages) -> str:
    return pages.client.get("/push/subscription").get_json()["mark"]


def endpoints(engine: Engine) -> list[str]:
    with transaction(engine, writes=False) as session:
        return list(session.execute(text("select endpoint from push_subscription order by id")).scalars())


def test_the_page_explains_before_anything_is_asked(ada: Pages) -> None:
    page = ada.get("/push")
    assert page.heading == "Notifications on this phone"
    for words in ("An example", "Only what matters", "Seldom, and not at night", "Notifications need JavaScript"):
        assert words in page.words
    states = {name for part in page.find_all("section") for name in (part.get("data-state") or "").split()}
    assert states == {"default", "lost", "on", "denied", "iphone", "within", "unsupported", "failed"}
    assert all(part.get("hidden") is not None for part in page.find_all("section"))
    assert page.find("a", href="/profile/messages") is not None
    assert page.find("a", href="/install") is not None


def test_me_leads_there(ada: Pages) -> None:
    assert ada.get("/profile").find("a", href="/push") is not None


def test_a_messengers_window_is_told_what_to_do(ada: Pages) -> None:
    inside = {"User-Agent": "Mozilla/5.0 (Linux; Android 15) Telegram-Android/11.0"}
    for headers, told in ((inside, True), ({}, False)):
        parts = ada.get("/push", headers=headers).find_all("div")
        assert [part.get("data-within") is not None for part in parts if part.get("data-push") is not None] == [told]


def test_a_browser_is_kept_once_and_its_last_address_counts(ada: Pages, sqlite: Engine) -> None:
    assert known(ada) == ""
    assert tell(ada, PIXEL) == 204
    first = known(ada)
    assert len(first) == 16
    assert tell(ada, PIXEL) == 204
    assert known(ada) == first
    assert tell(ada, FOX) == 204
    assert known(ada) != first
    assert endpoints(sqlite) == [FOX["endpoint"]]


def test_an_address_moves_to_whoever_signed_in_last(ada: Pages, sqlite: Engine) -> None:
    tell(ada, PIXEL)
    ben = Pages(ada.app)
    join(ben, name="Ben", contact="ben@example.com")
    assert tell(ben, PIXEL) == 204
    assert known(ada) == ""
    assert known(ben)
    assert len(endpoints(sqlite)) == 1


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("", 422),
        ("no json", 422),
        ("[]", 422),
        ({**PIXEL, "endpoint": "https://evil.example/x"}, 422),
        ({**PIXEL, "endpoint": "https://127.0.0.1/x"}, 422),
        ({**PIXEL, "endpoint": "http://fcm.googleapis.com/x"}, 422),
        ({**PIXEL, "keys": {**PIXEL["keys"], "auth": "AA"}}, 422),
        ({**PIXEL, "more": "x" * 5000}, 413),
    ],
)
def test_what_is_no_subscription_is_not_kept(ada: Pages, sqlite: Engine, told: object, status: int) -> None:
    assert tell(ada, told) == status
    assert endpoints(sqlite) == []


def test_a_foreign_page_cannot_speak_for_the_browser(ada: Pages, sqlite: Engine) -> None:
    assert tell(ada, PIXEL, **{"Sec-Fetch-Site": "cross-site"}) == 403
    tell(ada, PIXEL)
    for path in ("/push/off", "/push/test"):
        assert ada.client.post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert len(endpoints(sqlite)) == 1


def test_a_visitor_is_sent_to_sign_in(pages: Pages) -> None:
    assert pages.get("/push").location == "/sign-in?next=/push"
    assert tell(pages, PIXEL) == 303
    assert pages.client.get("/push/subscription").status_code == 303


def test_switched_off_here_it_is_forgotten_here_alone(ada: Pages, sqlite: Engine) -> None:
    other = Pages(ada.app)
    join(other)
    tell(ada, PIXEL)
    tell(other, FOX)
    assert ada.post("/push/off").location == "/push"
    assert endpoints(sqlite) == [FOX["endpoint"]]


def test_signing_out_forgets_the_browser(ada: Pages, sqlite: Engine) -> None:
    tell(ada, PIXEL)
    ada.post("/sign-out")
    assert endpoints(sqlite) == []


def test_who_signs_in_over_somebody_else_gets_none_of_their_notes(ada: Pages, sqlite: Engine) -> None:
    tell(ada, PIXEL)
    join(ada, name="Ben", contact="ben@example.com")
    assert endpoints(sqlite) == []


def test_erasure_forgets_every_browser(ada: Pages, sqlite: Engine) -> None:
    tell(ada, PIXEL)
    with transaction(sqlite, writes=True) as session:
        member_id = session.execute(text("select member_id from push_subscription")).scalar_one()
        now = ada.app.extensions["clock"]()
        assert erase_member(session, member_id, secret=SECRET, now=now)
    assert endpoints(sqlite) == []


def test_a_trial_is_sent_to_this_browser_and_waits_but_once(ada: Pages, sqlite: Engine) -> None:
    assert ada.post("/push/test").location == "/push?sent=no"
    assert "Nothing was sent" in ada.get("/push?sent=no").words
    tell(ada, PIXEL)
    for _ in range(3):
        assert ada.post("/push/test").location == "/push?sent=yes"
    assert "Sent. It shows within a minute" in ada.get("/push?sent=yes").words
    with transaction(sqlite, writes=False) as session:
        waiting = session.execute(text("select arguments from job where kind = 'send_push'")).all()
    assert len(waiting) == 1
    assert json.loads(waiting[0][0])["note"]["title"] == "It works"


def test_a_shop_without_a_key_says_so(ada: Pages, app: Flask) -> None:
    set_key(app, "")
    assert "This shop sends no notifications yet" in ada.get("/push").words
    assert tell(ada, PIXEL) == 404
    assert ada.post("/push/test").status == 404
