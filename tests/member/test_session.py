"""What a page that comes back from the browser's memory asks."""

from tests.member.shop import join
from tests.pages import Pages


def test_a_page_and_its_session_bear_the_same_mark(shop: Pages) -> None:
    mark = join(shop).find("html").get("data-session")
    assert mark
    assert shop.client.get("/session").json == {"session": mark}


def test_after_signing_out_there_is_no_session(shop: Pages) -> None:
    join(shop)
    shop.post("/sign-out")
    assert shop.client.get("/session").json == {"session": ""}


def test_somebody_else_in_the_same_browser_has_another_mark(shop: Pages) -> None:
    before = join(shop).find("html").get("data-session")
    shop.post("/sign-out")
    after = join(shop, name="Ben", contact="ben@example.com").find("html").get("data-session")
    assert before != after


def test_a_sign_in_ends_where_somebody_else_signs_in(shop: Pages) -> None:
    join(shop)
    stolen = Pages(shop.app)
    stolen.client.set_cookie("session", shop.client.get_cookie("session").value)
    assert stolen.get("/home").status == 200
    join(shop, name="Ben", contact="ben@example.com")
    assert stolen.get("/home").location == "/sign-in?next=/home"


def test_signing_out_clears_no_more_than_what_was_fetched_ahead(shop: Pages) -> None:
    """More would end the worker's registration, and with it the notes that a member asked for."""
    join(shop)
    assert shop.post("/sign-out").answer.headers["Clear-Site-Data"] == '"prefetchCache", "prerenderCache"'
