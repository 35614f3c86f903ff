"""A shopper joins from the till's screen."""

from tests.till.shop import Till


def test_the_till_shows_the_way_to_join(till: Till):
    page = till.pages.get("/till/join")
    assert page.heading == "Join with your phone"
    assert page.find("svg", role="img").get("aria-label") == "Code that opens the way to join"
    assert "http://127.0.0.1:8000/join" in page.words


def test_the_till_speaks_russian(till: Till):
    till.pages.speaking("ru")
    assert till.pages.get("/till").heading == "Отсканируйте карту"
    assert "Может списать баллы" in till.scan(till.code()).words
    assert till.sell(till.card()).heading == "Проведено"
