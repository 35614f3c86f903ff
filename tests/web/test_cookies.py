"""Cookies of a shop on https: of its host alone, and never sent by plain http, whatever a proxy says."""

import re

import pytest
from sqlalchemy import Engine

from portal.db import run
from portal.staff import operations as staff
from portal.web.errors import full_house
from tests.conftest import app_on
from tests.member.shop import NOW, join, open_shop
from tests.pages import Pages


@pytest.fixture
def pages(sqlite: Engine) -> Pages:
    app = app_on(sqlite, base_url="https://shop.example", demo=True)
    open_shop(sqlite)
    return Pages(app)


def test_every_cookie_of_a_shop_on_https_is_its_hosts_alone(pages: Pages, sqlite: Engine) -> None:
    friend, seen = Pages(pages.app), set[str]()
    code = run(sqlite, lambda session: staff.invite_device(session, store="S1", till="T1", now=NOW).code, writes=True)
    pin = staff.NewStaff("Tim", "cashier", "4711")
    tim = run(sqlite, lambda session: staff.add_staff(session, pin, now=NOW), writes=True)
    pages.app.extensions["clock"] = lambda: NOW
    join(friend)
    invited = re.search(r"/i/(\w+)", friend.get("/invite").answer.text)
    assert invited
    for page in (
        pages.get(f"/i/{invited[1]}"),
        pages.post("/theme", {"theme": "dark"}),
        pages.post("/language", {"language": "ru"}),
        pages.post("/till/enrol", {"code": code}),
        pages.post("/till/sign-in", {"who": tim, "pin": "4711"}),
        *_ways_in(pages),
    ):
        for cookie in page.answer.headers.getlist("Set-Cookie"):
            seen.add(cookie.partition("=")[0])
            assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
            assert "Domain" not in cookie
    names = {"session", "browser", "invite", "language", "theme", "till", "shift"}
    assert seen == {f"__Host-{name}" for name in names}


def _ways_in(pages: Pages):
    asked = pages.post("/sign-in", {"contact": "ada@example.com"})
    code = re.search(r"\b\d{6}\b", pages.follow(asked).words)
    assert code
    return asked, pages.post("/code", {"code": code[0]})


def test_a_cookie_of_another_name_is_nobodys_choice(pages: Pages) -> None:
    pages.client.set_cookie("theme", "dark")
    assert pages.get("/terms").find("html").get("data-theme") == "auto"
    pages.post("/theme", {"theme": "dark"})
    assert pages.get("/terms").find("html").get("data-theme") == "dark"


def test_a_full_house_speaks_the_chosen_language(pages: Pages) -> None:
    away = full_house(pages.app)
    assert 'lang="ru"' in repr(away({"HTTP_COOKIE": "__Host-language=ru", "HTTP_ACCEPT_LANGUAGE": "en"}))
