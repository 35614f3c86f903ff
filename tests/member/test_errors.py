"""What people see when something is refused or breaks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, abort
from sqlalchemy.exc import OperationalError
from werkzeug.test import create_environ

from portal.config import load_settings
from portal.errors import Refused
from portal.factory import create_app
from portal.web.errors import AWAY, TROUBLES, full_house
from portal.web.guards import public
from tests.conftest import SECRET
from tests.pages import Pages


class TooWet(Refused):
    code = "too-wet"
    text = "This cannot be done."


@pytest.fixture(scope="module")
def breaking(sqlite_template: Path) -> Iterator[Flask]:
    """Give an app with a page that refuses, one that breaks and one for each trouble; none writes."""

    @public
    def refuses() -> str:
        raise TooWet

    @public
    def breaks() -> str:
        raise ZeroDivisionError

    @public
    def far() -> str:
        raise OperationalError("select 1", {}, ConnectionError())

    @public
    def fails(status: int) -> str:
        abort(status)

    app = create_app(load_settings(_env_file=None, database_url=f"sqlite:///{sqlite_template}", secret_key=SECRET))
    for view, path in ((refuses, "/refuses"), (breaks, "/breaks"), (far, "/far"), (fails, "/fails/<int:status>")):
        app.add_url_rule(path, view.__name__, view)
    yield app
    app.extensions["engine"].dispose()


@pytest.fixture
def broken(breaking: Flask) -> Pages:
    return Pages(breaking).speaking("en")


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


@pytest.mark.parametrize("name", ["main", "title", "footer", "scripts"])
def test_the_frame_of_a_page_is_no_part_to_ask_for(broken: Pages, name: str) -> None:
    asked = {"HX-Request": "true", "HX-Target": f"div#{name}"}
    page = broken.speaking("en").get("/breaks", headers=asked)
    assert (page.status, page.heading) == (500, "Something broke on our side")
    assert broken.get("/terms", headers=asked).heading == "Rules of the programme"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_database_that_is_away_is_told_and_asked_again(broken: Pages, language: str) -> None:
    page = broken.speaking(language).get("/far")
    assert page.status == 503
    assert page.heading == {"ru": "Магазин не может открыть свои записи", "en": AWAY.title}[language]
    assert page.answer.headers["Retry-After"]


def test_a_wrong_method_says_which_are_right(broken: Pages) -> None:
    page = broken.get("/theme")
    assert page.status == 405
    assert "POST" in page.answer.headers["Allow"]


@pytest.mark.parametrize("status", sorted(TROUBLES))
@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_trouble_says_what_it_cost_and_what_to_do(broken: Pages, status: int, language: str) -> None:
    page = broken.speaking(language).get(f"/fails/{status}")
    assert page.status == status
    assert {"ru": "Изменено ничего", "en": "Changed nothing"}[language] in page.words
    assert page.answer.headers["X-Request-Id"] in page.words
    assert page.find("a", class_="button") is not None


@pytest.mark.parametrize(
    ("headers", "language"),
    [({"Accept-Language": "en"}, "en"), ({"Accept-Language": "en", "Cookie": "language=ru"}, "ru"), ({}, "ru")],
)
def test_a_full_house_is_told_of_in_the_visitors_language(app: Flask, headers: dict[str, str], language: str) -> None:
    away = full_house(app)(create_environ(headers=headers))
    assert f'<html lang="{language}"' in away.page.decode()
    assert away.words.startswith({"en": "Too many people", "ru": "Слишком много"}[language])
