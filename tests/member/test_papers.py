"""The first page and the papers are drawn from the rulebook in force."""

from tests.pages import Pages


def test_the_first_page_says_what_joining_gives(shop: Pages) -> None:
    page = shop.speaking("en").get("/")
    assert "300 points for joining today, until 18 March inclusive." in page.words
    assert "pay up to 30% of a purchase" in page.words


def test_the_example_receipt_is_worked_out_by_the_rules(shop: Pages) -> None:
    page = shop.speaking("ru").get("/")
    assert "Базовые 5 %" in page.words
    assert "5 % от 2 000,00 ₽ = 100 баллов" in page.words


def test_the_first_page_stands_without_a_rulebook(pages: Pages) -> None:
    assert pages.get("/").status == 200
    assert pages.get("/terms").status == 200


def test_the_terms_name_every_rule_that_members_may_know(shop: Pages) -> None:
    page = shop.speaking("ru").get("/terms")
    assert "Корейская косметика" in page.words
    assert "180 дней" in page.words


def test_privacy_is_there_in_both_languages(pages: Pages) -> None:
    assert pages.speaking("en").get("/privacy").heading == "Your data"
    assert pages.speaking("ru").get("/privacy").status == 200
