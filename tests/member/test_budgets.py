"""What a member's phone has to fetch: every page within the budget (pwa.md §7), counted as it is sent, in gzip."""

import gzip
import re
from pathlib import Path

import pytest
from sqlalchemy import Engine

from portal.config import ROOT
from portal.member import PAGES
from portal.rulebook.receipt import Line
from portal.web.static import SOURCE
from tests.member.every_page import MEMBERS, NO_PAGES, ON_THE_WAY_IN, STRANGERS
from tests.member.shop import NOW, buy, join, shown_code
from tests.pages import Page, Pages

KILO = 1000
HTML, CSS, JS, SPRITE = 14 * KILO, 20 * KILO, 35 * KILO, 8 * KILO
IMPORT = re.compile(r"""(?:from|import)\s*\(?\s*["'](\./[^"']+)["']""")
MANY = 45


@pytest.fixture
def ada(shop: Pages, sqlite: Engine) -> Pages:
    """Give the browser of Ada, who has a history longer than a page of it."""
    join(shop.speaking("ru"))
    for number in range(MANY):
        cream = Line(n=1, gross=199900, title=f"Крем с муцином № {number}", brand="Innisfree")
        buy(sqlite, "ada@example.com", cream, number=f"T1-{number:06}", at=NOW)
    return shop


def modules(page: Page) -> set[Path]:
    """Return the scripts of a page with all that they import, however deep."""
    waiting = [_source(script.get("src") or "") for script in page.find_all("script")]
    found: set[Path] = set()
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += [(file.parent / name).resolve() for name in IMPORT.findall(file.read_text("utf-8"))]
    return found


def _source(address: str) -> Path:
    return SOURCE / re.sub(r"^/static/(?:[0-9a-f]{12}/)?", "", address)


def packed(data: bytes) -> int:
    return len(gzip.compress(data, mtime=0))


def hold(page: Page) -> None:
    sent = packed(page.answer.data)
    assert sent <= HTML, f"HTML of {sent} bytes"
    scripts = sum(packed(file.read_bytes()) for file in modules(page))
    assert scripts <= JS, f"JavaScript of {scripts} bytes"
    foreign = [each for each in page.find_all("link") + page.find_all("script") if "//" in _address(each)]
    assert [_address(each) for each in foreign if each.get("rel") != "canonical"] == []


def _address(element: object) -> str:
    return element.get("src") or element.get("href") or ""  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", STRANGERS)
def test_a_strangers_page_is_light(shop: Pages, path: str) -> None:
    hold(shop.get(path))


def test_the_pages_on_the_way_in_are_light(shop: Pages) -> None:
    typing = shop.follow(shop.post("/join", {"contact": "ada@example.com"}))
    hold(typing)
    hold(shop.follow(shop.post("/code", {"code": shown_code(typing)})))


def test_a_members_pages_are_light(ada: Pages) -> None:
    for path in MEMBERS:
        hold(ada.get(path))


def test_the_stylesheets_are_light_and_bring_no_font(shop: Pages) -> None:
    sheets = [link.get("href") or "" for link in shop.get("/").find_all("link", rel="stylesheet")]
    texts = [shop.client.get(address).data for address in sheets]
    assert sum(map(packed, texts)) <= CSS
    assert not any(b"@font-face" in text or b"url(" in text for text in texts)


def test_the_icons_are_light() -> None:
    (sprite,) = (ROOT / "static" / "vendor").glob("lucide-*/icons.svg")
    assert packed(sprite.read_bytes()) <= SPRITE


def test_no_page_is_forgotten(shop: Pages) -> None:
    names = {page.blueprint.name for page in PAGES} | {"shell"}
    rules = shop.app.url_map.iter_rules()
    ours = {rule.rule for rule in rules if "GET" in (rule.methods or ()) and rule.endpoint.partition(".")[0] in names}
    listed = {path.partition("?")[0] for path in STRANGERS + MEMBERS + ON_THE_WAY_IN + NO_PAGES}
    assert {rule for rule in ours if "<" not in rule} - listed == {"/service-worker.js"}


def test_language_and_looks_are_within_reach_on_every_page(ada: Pages) -> None:
    """By the page's own switches, or by the bottom bar that leads to those of the profile."""
    for path in ("/home", "/history", "/inbox", "/calculator", "/push", "/profile/devices"):
        assert ada.get(path).find("a", href="/profile") is not None
    assert ada.get("/profile").find("button", name="theme", value="dark") is not None
    stranger = Pages(ada.app)
    for path in ("/", "/join", "/sign-in", "/install", "/terms", "/privacy", "/nowhere"):
        page = stranger.get(path)
        assert page.find("button", name="theme", value="dark") is not None, path
        assert page.find("button", name="language", value="en") is not None, path
