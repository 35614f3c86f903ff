"""The card as the server draws it, and the key with which the phone draws it by itself."""

import re
from datetime import timedelta

import pytest
import zxingcpp
from sqlalchemy import Engine, text

from portal.members.rotating_code import draw_code, window_at
from tests.member.shop import NOW, join
from tests.member.test_qr import painted
from tests.pages import Page, Pages


@pytest.fixture
def ada(shop: Pages) -> Pages:
    """Give the browser of Ada, who has just joined."""
    join(shop.speaking("en"))
    return shop


def shown(page: Page) -> str:
    """Read the code that is drawn on a page."""
    return zxingcpp.read_barcodes(painted(re.search(r"<svg class=\"scan-code.*?</svg>", page.answer.text)[0]))[0].text


def key_of(browser: Pages) -> Page:
    return browser.post("/card/key")


def test_the_card_shows_a_code_that_changes_and_a_number_that_stays(ada: Pages) -> None:
    page = ada.get("/card")
    ada.app.extensions["clock"] = lambda: NOW + timedelta(seconds=30)
    again = ada.get("/card")
    assert shown(page) != shown(again)
    numbers = [re.search(r"\d{4} \d{4} \d\d", each.words)[0] for each in (page, again)]
    assert numbers[0] == numbers[1]


def test_without_scripts_the_card_is_drawn_anew_at_the_end_of_the_window(ada: Pages) -> None:
    ada.app.extensions["clock"] = lambda: NOW + timedelta(seconds=12)
    assert ada.get("/card").find("meta", http_equiv="refresh").get("content") == "18"


def test_the_phone_is_given_the_key_with_which_the_server_draws(ada: Pages) -> None:
    page = ada.get("/card")
    answer = key_of(ada).answer
    number = answer.headers["Card-Number"]
    assert len(answer.data) == 32
    assert answer.headers["Cache-Control"] == "no-store"
    assert shown(page) == draw_code(number, key=answer.data, window=window_at(NOW))
    assert answer.headers["Card-Device"] == page.find("div", class_="scan").get("data-device")


def test_a_key_that_was_given_is_never_given_again(ada: Pages) -> None:
    first, second = key_of(ada).answer, key_of(ada).answer
    assert first.data != second.data
    assert shown(ada.get("/card")) == draw_code(second.headers["Card-Number"], key=second.data, window=window_at(NOW))


def test_only_a_page_of_ours_is_given_a_key(ada: Pages) -> None:
    stranger = Pages(ada.app)
    assert key_of(stranger).location == "/sign-in?next=/card"
    assert ada.post("/card/key", headers={"Sec-Fetch-Site": "cross-site"}).status == 403
    assert ada.get("/card/key").status == 405


def test_a_locked_card_shows_the_number_until_another_key_is_made(ada: Pages, sqlite: Engine) -> None:
    with sqlite.begin() as connection:
        connection.execute(text("update card_device set bad_macs = 10"))
    page = ada.get("/card")
    assert re.fullmatch(r"\d{10}", shown(page))
    assert page.find("div", class_="scan").get("data-device") == ""
    assert "earns points and does not spend them" in page.words
    key_of(ada)
    assert re.fullmatch(r"1\d{25}", shown(ada.get("/card")))


def test_the_card_without_a_network_names_nobody_and_asks_no_database(ada: Pages) -> None:
    page = ada.get("/card/offline")
    assert page.statements == ()
    assert page.find("html").get("data-session") is None
    assert page.find("path").get("d") == ""
    assert not re.search(r"\d{4} \d{4} \d\d", page.words)
    assert Pages(ada.app).speaking("ru").get("/card/offline").heading == "Карта"
