"""What browsers may fetch before anybody asked for it."""

import json

from portal.factory import Portal
from portal.web.ahead import PAGES
from portal.web.guards import guard_of
from tests.pages import Pages


def test_the_first_page_leads_to_the_rules(app: Portal) -> None:
    address = Pages(app).get("/").answer.headers["Speculation-Rules"].strip('"')
    answer = app.test_client().get(address)
    assert answer.content_type == "application/speculationrules+json"
    assert json.loads(answer.text)["prefetch"][0]["where"]["href_matches"] == list(PAGES)


def test_nothing_of_a_member_is_fetched_ahead_and_nothing_is_written(app: Portal) -> None:
    pages = Pages(app)
    endpoints = app.url_map.bind("localhost")
    for path in PAGES:
        view = app.view_functions[endpoints.match(path)[0]]
        assert guard_of(view) == "public"
        page = pages.get(path, headers={"Sec-Purpose": "prefetch"})
        assert page.status == 200
        assert not [each for each in page.statements if not each.lstrip().upper().startswith(("SELECT", "BEGIN"))]


def test_pages_of_a_member_lead_nowhere_ahead(app: Portal) -> None:
    for path in ("/home", "/card", "/sign-in"):
        assert "Speculation-Rules" not in Pages(app).get(path).answer.headers
