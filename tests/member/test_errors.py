"""What people see when something is refused or breaks."""

import pytest
from flask import Flask, abort
from werkzeug.test import create_environ

from portal.errors import Refused
from portal.web.errors import TROUBLES, full_house
from portal.web.guards import public
from tests.pages import Pages


class TooWet(Refused):
    code = "too-wet"
    text = "This cannot be done."


@pytest.fixture
def broken(app: Flask) -> Pages:
    """Give an app with a page that refuses and one that breaks."""

    @public
    def refuses() -> str:
        raise TooWet

    @public
    def breaks() -> str:
        raise ZeroDivisionError

    app.add_url_rule("/refuses", "refuses", refuses)
    app.add_url_rule("/breaks", "breaks", breaks)
    return Pages(app).speaking("en")


def test_a_refusal_is_a_page_with_its_reason(broken: Pages) -> None:
    page = broken.get("/refuses")
    assert page.status == 422
    assert "Nothing was changed." in page.words


def test_a_refusal_comes_as_the_part_that_was_asked_for(broken: Pages) -> None:
    part = broken.part("/refuses", target="div#answer")
    assert part.status == 422
    assert part.find("div", id="answer").get("role") == "alert"


def test_what_breaks_is_a_page_with_the_number_to_tell_the_shop(broken: Pages) -> None:
    page = broken.get("/breaks")
    assert page.status == 500
    assert page.heading == "Something broke on our side"
    assert page.answer.headers["X-Request-Id"] in page.words


def test_a_wrong_method_says_which_are_right(broken: Pages) -> None:
    page = broken.get("/theme")
    assert page.status == 405
    assert "POST" in page.answer.headers["Allow"]


@pytest.mark.parametrize("status", sorted(TROUBLES))
@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_trouble_says_what_it_cost_and_what_to_do(app: Flask, status: int, language: str) -> None:
    @public
    def fails() -> str:
        abort(status)

    app.add_url_rule("/fails", "fails", fails)
    page = Pages(app).speaking(language).get("/fails")
    assert page.status == status
    assert {"ru": "Изменено ничего", "en": "Changed nothing"}[language] in page.words
    assert page.answer.headers["X-Request-Id"] in page.words
    assert page.find("a", class_="button") is not None


@pytest.mark.parametrize(
    ("headers", "language"),
    [({"Accept-Language": "en"}, "en"), ({"Accept-Language": "en", "Cookie": "language=ru"}, "ru"), ({}, "ru")],
)
def test_a_full_house_is_told_of_in_the_visitors_language(app: Flask, headers: dict[str, str], language: str) -> None:
    text = full_house(app)(create_environ(headers=headers)).decode()
    assert f'<html lang="{language}"' in text
