"""The worker that the server sends, and the page without a network."""

import json
import re

import pytest
from flask import Flask

from portal.config import ROOT
from portal.factory import Portal, create_app
from portal.web.shell import WORKER
from tests.pages import Pages


@pytest.fixture
def pages(app: Portal) -> Pages:
    return Pages(app).speaking("en")


def shell_of(app: Flask) -> dict:
    told = re.match(r"const SHELL = (.*);\n", app.test_client().get("/service-worker.js").text)
    assert told
    return json.loads(told[1])


def test_the_worker_is_short_enough_to_be_read() -> None:
    assert len(WORKER.read_text("utf-8").splitlines()) <= 120


def test_the_browser_asks_for_the_worker_every_time(app: Portal) -> None:
    answer = app.test_client().get("/service-worker.js")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.content_type == "text/javascript; charset=utf-8"
    again = app.test_client().get("/service-worker.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_every_file_of_the_shell_is_there_and_its_name_changes_with_it(app: Portal) -> None:
    shell = shell_of(app)
    assert any(path.endswith("/js/app.js") for path in shell["files"])
    for path in shell["files"]:
        if path.startswith("/static/"):
            assert path.startswith(f"/static/{shell['statics']}/")
            assert (ROOT / "static" / path.split("/", 3)[3]).is_file()
        else:
            assert app.test_client().get(path).status_code == 200


def test_a_till_keeps_nothing(app: Portal) -> None:
    assert "till" not in " ".join(shell_of(app)["files"])


def test_the_pages_of_the_shell_open_for_anybody_and_name_nobody(app: Portal, pages: Pages) -> None:
    for path in shell_of(app)["pages"]:
        page = pages.get(path)
        assert page.status == 200
        assert page.find("html").get("data-session") is None


def test_another_look_is_another_build(settings) -> None:
    names = {shell_of(create_app(settings.model_copy(update={"brand_hue": hue})))["build"] for hue in (10, 20)}
    assert len(names) == 2


def test_the_page_without_a_network_leads_to_the_card(pages: Pages) -> None:
    page = pages.get("/offline")
    assert page.heading == "No connection"
    assert page.find("a", href="/card") is not None


def test_modules_find_each_other_under_their_hashed_names() -> None:
    """Relative, so that the hash in the path of one is that of the other."""
    for module in (ROOT / "static/js").glob("*.js"):
        for target in re.findall(r"""(?:from|import)\s*\(?["']([^"']+)["']""", module.read_text("utf-8")):
            assert target.startswith(("./", "../")), f"{module.name} imports {target}"
            assert (module.parent / target).is_file(), f"{module.name} imports {target}"
