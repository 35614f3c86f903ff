import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from portal.cli import main
from portal.db import transaction
from portal.staff import queries


def call(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["api-key", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def shop(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setenv("PORTAL_DATABASE_URL", sqlite.url.render_as_string(hide_password=False))
    return sqlite


def test_a_key_is_shown_once_works_and_is_revoked(shop: Engine):
    secret = call("create", "--name", "till-1", "--scope", "till", "--scope", "shop", "--store", "S1").strip()
    with transaction(shop, writes=False) as session:
        key = queries.find_key(session, secret)
    assert key is not None
    assert (key.name, key.scopes, key.store) == ("till-1", {"till", "shop"}, "S1")
    listed = call("list")
    assert secret not in listed
    assert f"{key.id}\ttill-1\tshop,till\tS1\tnever\tvalid" in listed
    call("revoke", key.id)
    with transaction(shop, writes=False) as session:
        assert queries.find_key(session, secret) is None
        assert [link.deed.action for link in queries.read_audit(session)] == ["api_key.created", "api_key.revoked"]
    assert "revoked" in call("list")


def test_an_unknown_key_is_told_so(shop: Engine):
    result = CliRunner().invoke(main, ["api-key", "revoke", "nothing"])
    assert result.exit_code == 2
    assert "no such key" in result.output


@pytest.mark.parametrize("wrong", [("--store", ""), ("--store", "S" * 41), ("--name", "n" * 81), ("--name", "till\n1")])
def test_an_empty_store_is_not_every_store(shop: Engine, wrong: tuple[str, str]):
    result = CliRunner().invoke(main, ["api-key", "create", "--name", "till-1", "--scope", "till", *wrong])
    assert result.exit_code == 2
    assert "printable characters" in result.output
    assert call("list") == ""
