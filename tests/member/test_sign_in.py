"""The way in: a contact, a code, the same answers for everybody until the code is right."""

import pytest

from tests.member.shop import join, shown_code
from tests.pages import Pages


def test_a_stranger_with_the_right_code_goes_on_to_join(pages: Pages) -> None:
    page = pages.follow(pages.post("/join", {"contact": "ada@example.com"}))
    assert page.heading
    assert "a•••@example.com" in page.words
    assert pages.post("/code", {"code": shown_code(page)}).location == "/welcome"


def test_a_wrong_code_says_how_many_tries_are_left(pages: Pages) -> None:
    page = pages.speaking("en").follow(pages.post("/sign-in", {"contact": "+7 912 345-67-89"}))
    wrong = f"{(int(shown_code(page)) + 1) % 10**6:06d}"
    page = pages.post("/code", {"code": wrong})
    assert page.status == 422
    assert "Tries left: 4" in page.words
    page = pages.post("/code", {"code": wrong})
    assert "Tries left: 3" in page.words


def test_what_is_no_contact_is_told_beside_the_field(pages: Pages) -> None:
    for typed in ("", "ada@", "12"):
        page = pages.post("/join", {"contact": typed})
        assert page.status == 422
        assert page.find("input", name="contact").get("aria-invalid") == "true"
        assert page.find("a", href="#contact") is not None


def test_asking_for_codes_without_end_is_refused(pages: Pages) -> None:
    pages.post("/join", {"contact": "ada@example.com"})
    answers = [pages.post("/code/again").status for _ in range(4)]
    assert answers[0] == 303
    assert answers[-1] == 429


def test_a_code_typed_in_another_browser_does_not_work(pages: Pages) -> None:
    code = shown_code(pages.follow(pages.post("/join", {"contact": "ada@example.com"})))
    other = Pages(pages.app)
    other.follow(other.post("/join", {"contact": "ben@example.com"}))
    assert other.post("/code", {"code": code}).status == 422


def test_the_code_page_without_a_contact_leads_to_the_beginning(pages: Pages) -> None:
    assert pages.get("/code").location == "/sign-in"
    assert pages.post("/code/again").location == "/sign-in"


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/wishes", "/wishes"),
        ("/wishes/take-back", "/wishes"),
        ("/rewards/mug", "/rewards/mug"),
        ("/rewards/taken/01HZ/back", "/rewards/taken/01HZ"),
        ("/inbox/read", "/inbox"),
    ],
)
def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(shop: Pages, address: str, page: str) -> None:
    assert shop.post(address, {}).location == f"/sign-in?next={page}"


def test_an_answer_to_a_form_stands_at_the_page_of_the_form(shop: Pages) -> None:
    assert shop.get("/sign-in").find("html").get("data-form-page") is None
    assert shop.post("/sign-in", {"contact": "x"}).find("html").get("data-form-page") == "/sign-in"
    join(shop)
    assert shop.post("/invite/code", {"code": ""}).find("html").get("data-form-page") == "/invite"
    assert shop.get("/nowhere").find("html").get("data-form-page") is None
    assert shop.post("/nowhere", {}).find("html").get("data-form-page") is None


def test_who_is_signed_in_is_led_on_from_the_ways_in(shop: Pages) -> None:
    join(shop)
    for way in ("/join", "/sign-in"):
        assert shop.get(way).location == "/home"
        assert shop.get(f"{way}?next=/card").location == "/card"
        assert shop.get(f"{way}?next=//elsewhere.example").location == "/home"
