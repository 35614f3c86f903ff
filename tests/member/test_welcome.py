"""Becoming a member: nothing is ticked beforehand, and nothing is asked that is not needed."""

from tests.member.shop import join, shown_code
from tests.pages import Page, Pages


def at_the_details(pages: Pages) -> Page:
    code = shown_code(pages.follow(pages.post("/join", {"contact": "ada@example.com"})))
    return pages.follow(pages.post("/code", {"code": code}))


def test_no_consent_is_ticked_beforehand(shop: Pages) -> None:
    ticks = at_the_details(shop).find_all("input", type="checkbox")
    assert len(ticks) == 2
    assert not any(tick.get("checked") for tick in ticks)


def test_the_consents_are_said_alike_by_women_and_men(shop: Pages) -> None:
    words = at_the_details(shop.speaking("ru")).words
    assert words.count("согласие на") == 2
    assert "согласен" not in words


def test_without_the_programmes_consent_there_is_no_card(shop: Pages) -> None:
    at_the_details(shop.speaking("en"))
    page = shop.post("/welcome", {"name": "Ada"})
    assert page.status == 422
    assert "Without this consent there is no card." in page.words
    assert shop.get("/home").location == "/sign-in?next=/home"


def test_news_are_a_consent_of_their_own(shop: Pages) -> None:
    join(shop.speaking("en"), news=False)
    assert "News by e-mail" in shop.get("/profile").words
    assert shop.get("/profile").find("button", value="granted") is not None


def test_a_birthday_is_told_without_a_year(shop: Pages) -> None:
    at_the_details(shop.speaking("en"))
    shop.post("/welcome", {"name": "Ada", "programme": "y", "birth_day": "29", "birth_month": "2"})
    assert "29 February" in shop.get("/profile").words


def test_a_day_that_is_none_is_told_beside_its_field(shop: Pages) -> None:
    at_the_details(shop)
    for day, month in (("31", "2"), ("", "3"), ("5", ""), ("x", "1")):
        page = shop.post("/welcome", {"name": "Ada", "programme": "y", "birth_day": day, "birth_month": month})
        assert page.status == 422
        assert page.find("a", href="#birth_day") is not None


def test_a_name_is_needed(shop: Pages) -> None:
    at_the_details(shop)
    for name in ("", "  ", "x" * 200):
        assert shop.post("/welcome", {"name": name, "programme": "y"}).find("a", href="#name") is not None


def test_nobody_gets_here_without_a_code(shop: Pages) -> None:
    assert shop.get("/welcome").location == "/join"
    shop.post("/join", {"contact": "ada@example.com"})
    assert shop.post("/welcome", {"name": "Ada", "programme": "y"}).location == "/join"


def test_a_second_way_in_by_the_same_contact_leads_home(shop: Pages) -> None:
    join(shop)
    again = Pages(shop.app)
    code = shown_code(again.follow(again.post("/sign-in?next=/history", {"contact": "ADA@example.com"})))
    assert again.post("/code", {"code": code}).location == "/history"
    assert again.get("/home").status == 200


def test_a_typed_code_lets_in_once(shop: Pages) -> None:
    at_the_details(shop)
    way = shop.client.get_cookie("session").value
    join_by = {"name": "Ada", "programme": "y"}
    assert shop.post("/welcome", join_by).location == "/home"
    shop.post("/sign-out")
    shop.client.set_cookie("session", way)
    assert shop.get("/welcome").location == "/sign-in"
    assert shop.post("/welcome", join_by).location == "/sign-in"
