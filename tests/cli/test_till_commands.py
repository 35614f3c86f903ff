"""Staff and tills from the command line, each change with its line in the audit."""

import re

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from portal import clock
from portal.cli import main
from portal.db import run
from portal.staff import operations, queries


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


@pytest.fixture
def shop(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setenv("PORTAL_DATABASE_URL", sqlite.url.render_as_string(hide_password=False))
    return sqlite


def audited(engine: Engine) -> list[str]:
    return [link.deed.action for link in run(engine, queries.read_audit, writes=False)]


def test_staff_are_added_listed_given_pins_and_let_go(shop: Engine):
    tim = call("staff", "add", "Tim", "--pin", "4711").output.split("\t")[0]
    assert f"{tim}\tTim\tcashier\tactive" in call("staff", "list").output
    assert call("staff", "reset-pin", tim, "--pin", "8205").exit_code == 0
    assert call("staff", "change-role", tim, "senior").exit_code == 0
    assert call("staff", "let-go", tim).exit_code == 0
    assert f"{tim}\tTim\tsenior\tlet go" in call("staff", "list").output
    assert audited(shop) == ["staff.added", "staff.pin_reset", "staff.role_changed", "staff.let_go"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("staff", "add", "Tim", "--pin", "1111"), "Choose a PIN of 4 to 12 digits"),
        (("staff", "add", " ", "--pin", "4711"), "Give a name"),
        (("staff", "let-go", "nobody"), "Nobody of the staff has this id."),
        (("till", "revoke", "nothing"), "There is no such till."),
        (("till", "invite", "--store", "", "--till", "T1"), "give 1 to 40 printable characters"),
    ],
)
def test_a_no_is_told_in_one_line_and_changes_nothing(shop: Engine, arguments: tuple[str, ...], said: str):
    result = call(*arguments)
    assert result.exit_code in {1, 2}
    assert said in result.output
    assert audited(shop) == []


def test_a_pin_is_asked_for_twice_and_not_shown(shop: Engine):
    result = CliRunner().invoke(main, ["staff", "add", "Mira", "--role", "manager"], input="8205\n8205\n")
    assert result.exit_code == 0
    assert "8205" not in result.output


def test_a_till_is_invited_by_a_link_and_shut_out(shop: Engine):
    told = call("till", "invite", "--store", "S1", "--till", "T1").output
    code = re.search(r"/till/enrol/(\S+)", told)[1]
    device_id = told.split("\t")[0]
    assert "waits for its code" in call("till", "list").output
    token = run(shop, lambda session: operations.enrol_till(session, code, now=clock.now()), writes=True).token
    assert "let in" in call("till", "list").output
    assert call("till", "revoke", device_id).exit_code == 0
    assert run(shop, lambda session: queries.find_device(session, token), writes=False) is None
    assert "shut out" in call("till", "list").output
    assert audited(shop) == ["till.invited", "till.revoked"]
