"""The ring of the first screen, and the page of the ladder."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, event

from portal.db import transaction
from portal.programme.publish_rulebook import publish_rulebook
from portal.rulebook.document import document_json, load_json
from portal.rulebook.receipt import Line
from tests.member.shop import NOW, buy, join, shop_rulebook
from tests.pages import Pages

SINCE = NOW - timedelta(days=20)
WINDOW = {"type": "calendar", "unit": "half_year"}
LADDER = {
    "tiers": [
        {"id": "hello", "title": {"ru": "Гость", "en": "Guest"}},
        {"id": "want", "title": "Want", "enter": {"metric": "spend", "min": 500_000, "window": WINDOW}},
        {
            "id": "like",
            "title": "Like",
            "enter": {"metric": "spend", "min": 1_500_000, "window": WINDOW},
            "benefits": [{"text": {"ru": "Баллы ×2", "en": "Points ×2"}}],
        },
    ],
    "keep": {"type": "period", "unit": "half_year"},
}


@pytest.fixture
def ada(shop: Pages, sqlite: Engine) -> Pages:
    """Give the browser of Ada, who spent 14 520 of the 15 000 to Like."""
    told = document_json(shop_rulebook()) | {"version": 99, "tiers": LADDER}
    with transaction(sqlite, writes=True) as session:
        publish_rulebook(session, load_json(told), effective_from=NOW - timedelta(minutes=5), now=SINCE)
    join(shop.speaking("en"))
    buy(sqlite, "ada@example.com", Line(n=1, gross=1_452_000), number="T1-1", at=NOW)
    return shop


def plain(words: str) -> str:
    return words.replace("\u00a0", " ")


def test_home_says_what_is_left_and_what_the_next_tier_gives(ada: Pages):
    page = ada.get("/home")
    assert "RUB 480 more to Like Your tier Want Like gives Points ×2 Progress counts until" in plain(page.words)
    drawn = [each.get("stroke-dasharray") for each in page.find_all("circle") if each.get("stroke-dasharray")]
    assert drawn == ["96 100"]


def test_home_is_one_statement_with_a_ladder_too(ada: Pages, sqlite: Engine):
    ada.get("/home")
    told: list[str] = []
    engine = ada.app.extensions["engine"]
    event.listen(engine, "before_cursor_execute", lambda _c, _u, statement, *_: told.append(statement))
    ada.get("/home")
    assert len(told) == 1


def test_the_page_tells_every_tier_and_the_way_there(ada: Pages):
    page = ada.get("/tier")
    words = plain(page.words)
    assert page.heading == "My tier"
    assert "Like Purchases of RUB 15,000 in half a year Points ×2" in words
    assert "Want · you are here" in words
    assert "Your tier Want Progress counts until" in words, "a bare day would read as the end of the tier"
    assert "A tier is confirmed by each half-year’s purchases." in words
    assert "Want Reached by what you did" in words


def test_without_a_ladder_there_is_neither_ring_nor_page(shop: Pages):
    home = join(shop.speaking("en"))
    assert "Your tier" not in home.words
    assert shop.get("/tier").status == 404
