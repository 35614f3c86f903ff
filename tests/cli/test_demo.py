"""`portal demo`: once filled, then only new ways in; another shop is left alone."""

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from portal.cli import demo
from portal.db import transaction
from portal.demo import stands_here
from portal.demo.fill import HalfFilled
from portal.programme.publish_rulebook import publish_rulebook
from portal.rulebook.document import load_json
from tests.conftest import local_settings

NOW = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.fixture
def shop(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setattr(demo.frame, "migrated_engine", lambda: sqlite)
    monkeypatch.setattr(demo.frame, "settings", lambda: local_settings(sqlite, demo=True))
    return sqlite


def test_an_empty_database_is_filled_and_then_only_opened(shop: Engine) -> None:
    first = CliRunner().invoke(demo.demo, ["--small"])
    assert first.exit_code == 0, first.output
    assert "10 members" in first.output
    assert "API key" in first.output
    again = CliRunner().invoke(demo.demo, ["--small"])
    assert again.exit_code == 0
    assert "members" not in again.output
    links = [[line.split()[1] for line in each.output.splitlines() if "/demo/" in line] for each in (first, again)]
    assert len(set(links[0] + links[1])) == 6
    assert "/till/enrol/" in again.output


def test_a_demo_that_was_interrupted_says_what_to_do(shop: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(done: int, whole: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(demo, "_show", interrupt)
    assert CliRunner().invoke(demo.demo, ["--small"]).exit_code == 1
    monkeypatch.undo()
    with transaction(shop, writes=False) as session, pytest.raises(HalfFilled):
        stands_here(session)


def test_another_shop_is_refused_with_a_sentence(shop: Engine) -> None:
    mine = load_json({"id": "mine", "currency": "RUB", "timezone": "Europe/Moscow"})
    with transaction(shop, writes=True) as session:
        publish_rulebook(session, mine, effective_from=NOW, now=NOW)
    answer = CliRunner().invoke(demo.demo)
    assert answer.exit_code == 1
    assert "The demo fills only an empty one" in answer.output
