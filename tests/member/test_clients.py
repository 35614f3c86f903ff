"""An agent gives a client better terms for one sale from the own phone (domain.md §3.5)."""

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from portal.db import transaction
from portal.members.operations import set_agent
from portal.programme.publish_rulebook import publish_rulebook
from portal.rulebook.document import load_json
from portal.rulebook.receipt import Line
from tests.member.shop import NOW, buy, join
from tests.pages import Pages

RULES = {
    "id": "studio", "currency": "RUB", "timezone": "Europe/Moscow",
    "groups": [{"id": "agent", "mode": "first"}],
    "referral": {"agent_splits": ["client10_agent5", "unknown"]},
    "rules": [
        {
            "id": "split", "group": "agent", "priority": 10, "title": {"ru": "10 % и 5 %", "en": "10 % and 5 %"},
            "when": {"type": "segment", "in": ["client10_agent5"]},
            "effects": [
                {"type": "discount_percent", "rate_bp": 1000},
                {"type": "accrue_percent", "rate_bp": 500, "to": "agent", "base": "list"},
            ],
        },
        {
            "id": "agent15", "group": "agent", "priority": 20,
            "effects": [{"type": "accrue_percent", "rate_bp": 1500, "to": "agent"}],
        },
    ],
}  # fmt: skip


@pytest.fixture
def designer(shop: Pages, sqlite: Engine) -> Pages:
    with transaction(sqlite, writes=True) as session:
        publish_rulebook(session, load_json(RULES), effective_from=NOW, now=NOW)
    join(shop.speaking("en"), name="Dina", contact="dina@example.com")
    join(Pages(shop.app), name="Peter Pan", contact="peter@example.com")
    with transaction(sqlite, writes=True) as session:
        ids = dict(session.execute(text("select email, member_id from identity")).all())
        set_agent(session, ids["peter@example.com"], ids["dina@example.com"])
    return shop


def client_of(page) -> str:
    return page.find("input", name="client").get("value")


def test_a_client_gets_better_terms_once_and_the_cashier_does_nothing(designer: Pages, sqlite: Engine):
    page = designer.get("/clients")
    assert "From every purchase of a client you get 15% back in points." in page.words
    assert "10 % and 5 %" in page.words
    given = designer.follow(designer.post("/clients/split", {"client": client_of(page), "split": "client10_agent5"}))
    assert "Peter 10 % and 5 % – for the next purchase" in given.words
    buy(sqlite, "peter@example.com", Line(n=1, gross=10_000_000), number="T1-1")
    buy(sqlite, "peter@example.com", Line(n=1, gross=10_000_000), number="T1-2")
    with transaction(sqlite, writes=False) as session:
        assert session.execute(text("select due, earned from receipt order by number")).all() == [
            (9_000_000, 0), (10_000_000, 0),
        ]  # fmt: skip
    after = designer.get("/clients").words
    assert "Earned by their purchases +20,000" in after
    assert "for the next purchase" not in after


def test_what_was_given_can_be_taken_back(designer: Pages, sqlite: Engine):
    client = client_of(designer.get("/clients"))
    designer.post("/clients/split", {"client": client, "split": "client10_agent5"})
    assert "for the next purchase" not in designer.follow(designer.post("/clients/split", {"client": client})).words
    buy(sqlite, "peter@example.com", Line(n=1, gross=10_000_000))
    with transaction(sqlite, writes=False) as session:
        assert session.scalar(text("select due from receipt")) == 10_000_000


def test_nobody_gives_terms_to_other_agents_clients_or_makes_them_up(designer: Pages, app: Flask):
    client = client_of(designer.get("/clients"))
    assert designer.post("/clients/split", {"client": client, "split": "vip"}).status == 422
    assert designer.post("/clients/split", {"client": client, "split": "unknown"}).status == 422
    other = Pages(app).speaking("en")
    join(other, name="Eve", contact="eve@example.com")
    assert other.post("/clients/split", {"client": client, "split": "client10_agent5"}).status == 404
    assert "You have no clients yet" in other.get("/clients").words


def test_the_page_of_invitations_leads_to_the_clients(designer: Pages):
    assert designer.get("/invite").find("a", href="/clients") is not None
