"""A shop with one simple rulebook, its cast, and clients that call its API with their keys."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from werkzeug.test import TestResponse

from portal.api.pace import Pace
from portal.api.problems import OWN_CODES
from portal.config import load_settings
from portal.db import transaction, write_together
from portal.errors import Refused
from portal.factory import Portal, create_app
from portal.programme.publish_rulebook import publish_rulebook
from portal.rulebook.document import load_json
from portal.staff import operations as staff

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
PREFIX = "/api/v1"
CANARY = "canary-79161234567"


@dataclass
class Api:
    """The API of one shop as one key sees it; the shop's clock stands where the test puts it."""

    app: Portal
    secret: str = ""
    now: datetime = NOON
    numbers: Any = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.app.extensions["clock"] = lambda: self.now

    def key(self, *scopes: Any, store: str | None = None) -> "Api":
        """Return the same API as a new key with these scopes sees it."""
        with transaction(self.app.extensions["engine"], writes=True) as session:
            made = staff.make_key(session, name="test", scopes=scopes, store=store, now=self.now)
        return Api(self.app, secret=made.secret, now=self.now, numbers=self.numbers)

    def get(self, path: str, **query: Any) -> TestResponse:
        return self.call("GET", path, query_string=query)

    def post(self, path: str, body: Any, *, key: str | None = None) -> TestResponse:
        return self.send("POST", path, body, key=key)

    def send(self, method: str, path: str, body: Any, *, key: str | None = None) -> TestResponse:
        headers = {"Idempotency-Key": key or f"key {next(self.numbers)}"}
        return self.call(method, path, data=json.dumps(body), headers=headers, content_type="application/json")

    def call(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **options: Any) -> TestResponse:
        bearer = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        return self.app.test_client().open(
            PREFIX + path, method=method, headers={**bearer, **(headers or {})}, **options
        )

    def ask(self, sql: str) -> Any:
        with transaction(self.app.extensions["engine"], writes=False) as session:
            return session.execute(text(sql)).all()


RULEBOOK = {
    "id": "shop", "version": 1, "title": "Shop", "timezone": "Europe/Moscow", "currency": "RUB", "point_value": 100,
    "rules": [
        {"id": "base5", "title": "Base", "effects": [{"type": "accrue_percent", "rate_bp": 500}]},
    ],
}  # fmt: skip


@pytest.fixture(scope="session")
def built(sqlite_template: Path) -> Iterator[Portal]:
    """Build the application once: a test gives it its own database."""
    app = create_app(load_settings(_env_file=None, database_url=f"sqlite:///{sqlite_template}", secret_key="s" * 48))
    own = app.extensions["engine"]
    yield app
    own.dispose()


@pytest.fixture
def shop(request: pytest.FixtureRequest, built: Portal) -> Api:
    """Give the API of a shop with a published rulebook, without a key; tests ask for `shop.key(…)`.

    Its database is SQLite's unless the test names another fixture.
    """
    engine: Engine = request.getfixturevalue(getattr(request, "param", "sqlite"))
    long_ago = NOON - timedelta(days=365)
    with transaction(engine, writes=True) as session:
        publish_rulebook(session, load_json(RULEBOOK), effective_from=long_ago, now=long_ago)
    built.extensions |= {"engine": engine, "api_pace": Pace(rate=100)}
    return Api(built)


@dataclass
class LateNotes:
    """Takes notes as a serving process does, and writes them when the test says so."""

    engine: Engine
    waiting: list[Any] = field(default_factory=list)

    def take(self, *note: Any) -> bool:
        self.waiting.append(note)
        return True

    def write(self) -> None:
        write_together(self.engine, self.waiting)
        self.waiting.clear()


@pytest.fixture
def notes(shop: Api) -> Iterator[LateNotes]:
    """Let the shop note after its answers what may be noted so; the test says when."""
    extensions = shop.app.extensions
    extensions["afterwards"] = late = LateNotes(extensions["engine"])
    yield late
    del extensions["afterwards"]


@pytest.fixture
def till(shop: Api) -> Api:
    """Give the API as the till of store S1 sees it."""
    return shop.key("till", store="S1")


def receipt(number: str = "T3-1", /, **told: Any) -> dict[str, Any]:
    """Return the body of a receipt of 250.00 for a guest, with what the test tells otherwise."""
    lines = [{"n": 1, "sku": "CHEESE", "title": "Cheese", "category": "food/dairy", "qty": 1, "gross": 25_000}]
    return {"number": number, "store": "S1", "till": "T3", "at": "2026-03-04T14:59:00+03:00", "lines": lines, **told}


def joining(**told: Any) -> dict[str, Any]:
    """Return the body that enrols Ada, with what the test tells otherwise."""
    return {"phone": "+79161234567", "name": "Ada Lovelace", "language": "en", "consents": ["programme"], **told}


@pytest.fixture
def web_shop(shop: Api) -> Api:
    """Give the API as the web shop sees it, which signs members in by itself."""
    return shop.key("shop")


@pytest.fixture
def office(shop: Api) -> Api:
    """Give the API as the shop's CRM sees it."""
    return shop.key("crm", "admin")


@pytest.fixture
def ada(office: Api) -> dict[str, Any]:
    """Enrol Ada with 500 points; return how the API shows her."""
    member = office.post("/members", joining()).json["member"]
    grant = {"points": 500, "reason": "goodwill", "comment": "a present"}
    assert office.post(f"/members/{member['id']}/adjustments", grant).status_code == 201
    return member


def problem(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    """Return the problem document of an answer that is one."""
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    told = answer.json
    assert told is not None
    assert (told["code"], told["status"]) == (code, status)
    assert told["type"].endswith(f"#{code}")
    assert code in OWN_CODES or code in _codes(Refused), "the page of the description lacks it"
    assert told["request_id"] == answer.headers["X-Request-Id"]
    assert told["detail"]
    assert status not in {429, 503} or int(answer.headers["Retry-After"]) > 0
    assert CANARY not in answer.text
    return told


def _codes(kind: type[Refused]) -> set[str]:
    return {kind.code}.union(*map(_codes, kind.__subclasses__()))


STORED = ("receipt", "refund", "hold", "entry", "idempotency", "event", "member_event", "adjustment", "member")


def stored(shop: Api) -> dict[str, int]:
    """Count the rows of everything a call could have stored."""
    return {table: shop.ask(f'select count(*) as n from "{table}"')[0].n for table in STORED}
