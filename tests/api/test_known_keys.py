"""A key known from an earlier call is not looked up again, and refused as soon as it was revoked, wherever that was."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from portal.api.known_keys import MOST, KnownKeys
from portal.db import transaction
from portal.factory import create_app
from portal.staff import operations as staff
from portal.staff.roles import ApiKey
from tests.api.conftest import NOON, Api, LateNotes, joining, problem, receipt, stored
from tests.conftest import local_settings

both = pytest.mark.parametrize("shop", ["sqlite", "postgresql"], indirect=True)
HOT = {
    "/members/identify": {"code": "4000000006"},
    "/receipts/quote": receipt(),
    "/receipts": receipt("T3-7"),
}


@pytest.fixture
def elsewhere(shop: Api) -> Iterator[Api]:
    """Give the same shop as another process serves it."""
    app = create_app(local_settings(shop.app.extensions["engine"]))
    yield Api(app)
    app.extensions["engine"].dispose()


@both
def test_the_use_of_a_key_that_only_reads_is_noted_after_the_answer(shop: Api, notes: LateNotes):
    reader = shop.key("till")
    used = "select last_used_at from api_key"
    for _ in range(3):
        assert reader.get("/catalogue").status_code == 200
        assert reader.post("/receipts/quote", receipt()).status_code == 200
    assert [row.last_used_at for row in shop.ask(used)] == [None]
    notes.write()
    first = shop.ask(used)
    assert first[0].last_used_at
    reader.now += timedelta(seconds=59)
    reader.get("/catalogue")
    assert not notes.waiting
    reader.now += timedelta(seconds=1)
    reader.get("/catalogue")
    notes.write()
    assert shop.ask(used) > first


def revoke_all(engine: Engine, shop: Api) -> None:
    with transaction(engine, writes=True) as session:
        for key in shop.ask("select id from api_key"):
            staff.revoke_key(session, key.id, now=shop.now)


@both
def test_a_key_revoked_elsewhere_is_refused_at_the_next_call(shop: Api, till: Api, elsewhere: Api, ada_card: str):
    told = HOT | {"/members/identify": {"code": ada_card}}
    for path, body in told.items():
        assert till.post(path, body, key=path).status_code < 300
    revoke_all(elsewhere.app.extensions["engine"], shop)
    before = stored(shop)
    for path, body in told.items():
        answer = till.post(path, body, key=path)
        problem(answer, 401, "unauthorized")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert stored(shop) == before


@pytest.fixture
def ada_card(shop: Api) -> str:
    return shop.key("shop").post("/members", joining()).json["member"]["card_number"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/members/identify", {"code": "1"}),
        ("/members/identify", {"code": "4000000006"}),
        ("/members/identify", {}),
        ("/receipts", receipt(store="S2")),
        ("/receipts", receipt(member={"phone": "+79160000000"})),
        ("/receipts/quote", []),
    ],
)
def test_a_revoked_key_is_told_no_other_refusal(shop: Api, till: Api, path: str, body: Any):
    assert till.post("/receipts/quote", receipt()).status_code == 200
    assert 400 <= till.post(path, body).status_code < 500
    revoke_all(shop.app.extensions["engine"], shop)
    problem(till.post(path, body), 401, "unauthorized")


def test_a_known_key_of_another_scope_is_refused_as_before(shop: Api):
    seller = shop.key("crm")
    for _ in range(2):
        problem(seller.post("/receipts/quote", receipt()), 403, "scope-missing")
    revoke_all(shop.app.extensions["engine"], shop)
    problem(seller.post("/receipts/quote", receipt()), 401, "unauthorized")


def test_the_use_of_a_known_key_is_noted_once_a_minute(shop: Api, till: Api, ada_card: str):
    uses = []
    for seconds in (0, 59, 60, 61, 121):
        till.now = till.now.replace(minute=seconds // 60, second=seconds % 60)
        till.app.extensions["clock"] = lambda: till.now
        assert till.post("/members/identify", {"code": ada_card}).status_code == 200
        (used,) = shop.ask("select last_used_at from api_key where cast(scopes as text) like '%till%'")
        uses.append(used.last_used_at // 1_000_000 - int(NOON.timestamp()))
    assert uses == [0, 0, 60, 60, 121]


def test_the_key_met_longest_ago_is_forgotten():
    known = KnownKeys()
    for number in range(MOST + 1):
        known.keep(f"secret {number}", ApiKey(str(number), "till", frozenset({"till"}), None, None))
    assert known.find("secret 0") is None
    assert known.find(f"secret {MOST}").id == str(MOST)
    known.forget(f"secret {MOST}")
    assert known.find(f"secret {MOST}") is None
