"""What every answer says to the browser, and what a page from elsewhere may not do."""

import pytest

from portal.web.addresses import own_path
from portal.web.csrf import comes_from_us
from portal.web.forms import stripped
from tests.pages import Pages


def test_an_unknown_address_is_a_page_that_says_what_to_do(pages: Pages) -> None:
    page = pages.speaking("en").get("/nothing-here")
    assert page.status == 404
    assert page.heading == "There is no such page"
    assert page.answer.headers["X-Request-Id"] in page.words


@pytest.mark.parametrize(
    ("site", "origin", "ours"),
    [
        ("same-origin", None, True),
        ("none", None, True),
        ("same-site", "http://localhost", False),
        ("cross-site", "http://localhost", False),
        (None, "http://localhost", True),
        (None, "http://localhost.evil.example", False),
        (None, "null", False),
        (None, None, False),
    ],
)
def test_only_our_own_pages_may_post(site: str | None, origin: str | None, *, ours: bool) -> None:
    assert comes_from_us(site, origin=origin, host="localhost") is ours


def test_a_forged_post_changes_nothing(pages: Pages) -> None:
    page = pages.post("/language", {"language": "en"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert page.status == 403
    assert "Set-Cookie" not in page.answer.headers


@pytest.mark.parametrize(("address", "status"), [("/i/%00", 404), ("/join?next=%00", 400), ("/join?next=%2500", 200)])
def test_a_nul_in_an_address_is_refused_at_the_door(pages: Pages, address: str, status: int) -> None:
    assert pages.client.get(address).status_code == status


def test_a_nul_in_a_form_is_refused_at_the_door(pages: Pages) -> None:
    page = pages.speaking("en").post("/join", {"contact": "a\0da@example.com"})
    assert (page.status, page.heading) == (400, "This request came broken")


def test_the_language_is_chosen_for_this_browser_and_leads_back(pages: Pages) -> None:
    page = pages.post("/language", {"language": "en", "next": "/nothing-here"})
    assert (page.status, page.location) == (303, "/nothing-here")
    assert pages.follow(page).heading == "There is no such page"


def test_the_night_is_chosen_by_the_server_not_by_a_script(pages: Pages) -> None:
    assert "night" in str(
        [link.get("href") for link in pages.get("/x").find_all("link", media="(prefers-color-scheme: dark)")]
    )
    pages.post("/theme", {"theme": "dark"})
    assert [link.get("media") for link in pages.get("/x").find_all("link", rel="stylesheet")] == [None, None]
    pages.post("/theme", {"theme": "light"})
    assert len(pages.get("/x").find_all("link", rel="stylesheet")) == 1


def test_an_unknown_choice_is_refused(pages: Pages) -> None:
    assert pages.post("/theme", {"theme": "purple"}).status == 400


@pytest.mark.parametrize(
    "address",
    ["//evil.example", "/\\evil.example", "https://evil.example", "evil", "", "/a\\b", "/a\r\nSet-Cookie: x", "/\tx"],
)
def test_nobody_is_led_to_a_foreign_address(address: str) -> None:
    assert own_path(address) == "/"


def test_the_style_sheet_is_kept_for_ever_and_comes_compressed(pages: Pages) -> None:
    address = str(pages.get("/x").find("link", rel="stylesheet").get("href"))
    answer = pages.client.get(address, headers={"Accept-Encoding": "br"})
    assert answer.headers["Content-Encoding"] == "br"
    assert "immutable" in answer.headers["Cache-Control"]
    assert len(answer.data) < 20_000
    assert pages.client.get("/style/none.000000000000.css").status_code == 404


@pytest.mark.parametrize("address", ["/style/day.000000000000.css", "/icons/any-192.000000000000.png"])
def test_a_page_of_an_earlier_release_is_not_left_bare(pages: Pages, address: str) -> None:
    answer = pages.client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


def test_spaces_around_and_between_words_are_one() -> None:
    assert stripped("  Ada \n Lovelace ") == "Ada Lovelace"
    assert stripped(None) == ""
