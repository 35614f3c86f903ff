"""Agents from the command line, as the office needs them."""

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from portal.cli import main
from tests.programme.shop import DAY, NOW, Shop, line, rulebook
from tests.programme.test_seeds import AGENT


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


@pytest.fixture
def shop(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setenv("PORTAL_DATABASE_URL", sqlite.url.render_as_string(hide_password=False))
    shop = Shop(sqlite)
    referral = {"agent_splits": ["client10_agent5"]}
    shop.publish(rulebook(*AGENT, groups=[{"id": "agent", "mode": "first"}], referral=referral))
    return shop


def test_an_agent_is_named_and_a_client_gets_a_split(shop: Shop):
    designer, peter = shop.join("designer@example.org"), shop.join("peter@example.org")
    assert call("agents", "set", peter, designer).output == "the agent is known\n"
    assert shop.buy(peter, line(1, 10_000_000)).earned == {designer: 15000}
    assert call("agents", "split", designer, peter, "client10_agent5").exit_code == 0
    assert f"{peter}\tAda\tclient10_agent5" in call("agents", "clients", designer).output
    second = shop.buy(peter, line(1, 10_000_000), at=NOW + DAY)
    assert (second.due, second.earned) == (9_000_000, {designer: 5000})
    assert "20000 points earned by them" in call("agents", "clients", designer).output
    call("agents", "set", peter)
    assert shop.buy(peter, line(1, 10_000_000), at=NOW + 2 * DAY).earned == {}


def test_a_shop_that_offers_no_splits_says_so(shop: Shop):
    shop.publish(rulebook(*AGENT, version=2, groups=[{"id": "agent", "mode": "first"}]), effective_from=NOW, now=NOW)
    told = call("agents", "clients", shop.join("designer@example.org"))
    assert told.output == "0 points earned by them; splits: –\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("set", "01kjw16mm0463p7g6wxy9tgyfz", "01kjw16mm0463p7g6wxy9tgyfy"), "There is no such member."),
        (("clients", "01kjw16mm0463p7g6wxy9tgyfz"), "There is no such member."),
        (("split", "nobody", "no one", "client10_agent5"), "no client of yours"),
    ],
)
def test_a_no_is_told_in_one_line(shop: Shop, arguments: tuple[str, ...], said: str):
    result = call("agents", *arguments)
    assert (result.exit_code, said in result.output) == (1, True)
