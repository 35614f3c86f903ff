"""A member wishes, sees what became of it, and takes back what is open."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from portal.db import run, transaction
from portal.programme.answer_wish import answer_wish
from portal.programme.erase_member import erase_member
from portal.wishes.operations import MOST_OPEN
from tests.conftest import SECRET
from tests.member.shop import NOW, join
from tests.pages import Pages


@pytest.fixture
def ada(shop: Pages) -> Pages:
    join(shop.speaking("en"))
    return shop


def wish(pages: Pages, words: str = "Beard oil"):
    return pages.follow(pages.post("/wishes", {"words": words}))


def test_a_wish_is_noted_and_stands_there(ada: Pages):
    assert "No wishes yet" in ada.get("/wishes").words
    page = wish(ada)
    assert "The shop knows." in page.words
    assert "Beard oil Asked · 4 March" in page.words
    assert ada.get("/profile").find("a", href="/wishes") is not None


def test_an_answer_stands_beside_it(ada: Pages, sqlite: Engine):
    wish(ada)
    with transaction(sqlite, writes=True) as session:
        wish_id = session.scalar(text("select id from wish"))
        told = answer_wish(session, wish_id, reply="here", store="S1", by="staff:mira", now=NOW + timedelta(days=1))
    assert told == 1
    page = ada.get("/wishes")
    assert "Beard oil In the shop now · 5 March" in page.words
    assert page.find_all("button", name="wish") == []


def test_an_open_wish_is_taken_back_by_its_member_alone(ada: Pages, app):
    button = wish(ada).find("button", name="wish")
    ben = Pages(app).speaking("en")
    join(ben, name="Ben", contact="ben@example.com")
    assert ben.post("/wishes/take-back", {"wish": button.get("value")}).status == 404
    assert "No wishes yet" in ben.get("/wishes").words
    assert "No wishes yet" in ada.follow(ada.post("/wishes/take-back", {"wish": button.get("value")})).words


def test_nothing_and_too_much_are_refused_beside_the_field(ada: Pages, sqlite: Engine):
    for typed in ("", "...", "x" * 81):
        page = ada.post("/wishes", {"words": typed})
        assert page.status == 422
        assert page.find("input", name="words").get("aria-invalid") == "true"
    for number in range(MOST_OPEN):
        wish(ada, f"Thing {number}")
    page = ada.post("/wishes", {"words": "One more"})
    assert page.status == 422
    assert "You have 20 open wishes." in page.words
    count = run(sqlite, lambda session: session.scalar(text("select count(*) from wish")), writes=False)
    assert count == MOST_OPEN


def test_what_an_erased_member_wished_for_is_forgotten(ada: Pages, sqlite: Engine):
    wish(ada)
    with transaction(sqlite, writes=True) as session:
        member_id = session.scalar(text("select member_id from wish"))
        assert erase_member(session, member_id, secret=SECRET, now=NOW)
        assert session.scalar(text("select count(*) from wish")) == 0


def test_the_page_speaks_russian(ada: Pages):
    ada.post("/language", {"language": "ru", "next": "/wishes"})
    assert ada.get("/wishes").heading == "Просьбы"
