"""`portal check-ledger` on a real database."""

import json

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from portal.cli import main
from tests.ledger.stories import grant, tell


@pytest.fixture
def shop(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setenv("PORTAL_DATABASE_URL", sqlite.url.render_as_string(hide_password=False))
    return sqlite


def check(*options: str) -> Result:
    return CliRunner().invoke(main, ["check-ledger", *options])


def test_a_right_ledger_passes(shop: Engine) -> None:
    answer = check()
    assert (answer.exit_code, answer.output) == (0, "The ledger is right.\n")


def test_what_is_wrong_is_told_with_its_entry(shop: Engine) -> None:
    tell(shop, grant(100))  # names a receipt that nobody recorded
    with shop.begin() as connection:
        connection.execute(text("update book set due_at = null"))
    answer = check()
    assert answer.exit_code == 1
    assert "ada None due: something is due at" in answer.output
    assert "ada 1 traced: receipt 01jx0000000000000000000001 does not exist" in answer.output
    told = [json.loads(line) for line in check("--json").output.splitlines()]
    assert {each["invariant"] for each in told} == {"due", "traced"}
