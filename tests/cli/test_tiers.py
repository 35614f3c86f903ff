"""Tiers from the command line: told, given for a time with a reason, taken back."""

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from portal import clock
from portal.cli import main
from tests.programme.shop import BASE5, Shop, rulebook

TIERS = {"tiers": [{"id": "bronze"}, {"id": "gold", "enter": {"metric": "spend", "min": 1_000_000}}]}
NEXT_YEAR = f"{clock.now().year + 1}-06-30"


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["tiers", *arguments], catch_exceptions=False)


@pytest.fixture
def shop(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setenv("PORTAL_DATABASE_URL", sqlite.url.render_as_string(hide_password=False))
    monkeypatch.setenv("PORTAL_BASE_URL", "https://shop.example")
    monkeypatch.setenv("PORTAL_SECRET_KEY", "s" * 48)
    return Shop(sqlite)


def test_a_tier_is_given_through_a_day_and_taken_back(shop: Shop):
    shop.publish(rulebook(BASE5, tiers=TIERS))
    ada = shop.join("ada@example.org")
    assert call("show", ada).output.splitlines() == ["Bronze", "RUB\u00a010,000 more to Gold"]
    assert call("give", ada, "gold", "--until", NEXT_YEAR, "--reason", "a year with us").output == "stands on Gold\n"
    told = call("show", ada).output
    assert told.startswith("Gold\n")
    assert "bronze\tgold\tmanual\ta year with us" in told
    assert call("take-back", ada, "--reason", "by mistake").output == "stands on Bronze\n"
    assert "manual_ended\tby mistake" in call("show", ada).output


@pytest.mark.parametrize(
    ("tier", "until", "says"),
    [
        ("silver", NEXT_YEAR, "The ladder has no tier silver. It has bronze, gold."),
        ("gold", "2020-01-01", "in the past"),
    ],
)
def test_what_cannot_be_given_is_told_in_one_line(shop: Shop, tier: str, until: str, says: str):
    shop.publish(rulebook(BASE5, tiers=TIERS))
    ada = shop.join("ada@example.org")
    refused = call("give", ada, tier, "--until", until, "--reason", "why not")
    assert refused.exit_code == 1
    assert says in refused.output


def test_nobody_and_nothing_are_told_too(shop: Shop):
    assert "No rulebook" in CliRunner().invoke(main, ["links", "list"], catch_exceptions=False).output
    shop.publish(rulebook(BASE5))
    ada = shop.join("ada@example.org")
    assert call("show", "nobody").exit_code == 1
    assert call("show", ada).output == "the programme has no tiers\n"
    assert "Publish a rulebook with a ladder" in call("take-back", ada, "--reason", "x").output
