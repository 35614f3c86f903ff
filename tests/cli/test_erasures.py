"""Who was erased stays so: the list is kept apart from the database, and replayed in a restored one."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from portal.cli import main
from portal.db import run
from portal.staff.queries import check_audit, read_audit
from tests.programme.shop import BASE5, Shop, rulebook


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


@pytest.fixture
def portal(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setenv("PORTAL_DATABASE_URL", engine.url.render_as_string(hide_password=False))
    shop = Shop(engine)
    shop.publish(rulebook(BASE5))
    return shop


def known(shop: Shop) -> set[str]:
    with shop.engine.connect() as connection:
        return set(connection.execute(text("select member_id from identity")).scalars())


def listed(tmp_path: Path, *members: str) -> Path:
    file = tmp_path / "erasures.txt"
    file.write_text("".join(f"{each}\t2026-03-04T09:00:00Z\n" for each in members), encoding="utf-8")
    return file


def test_who_is_listed_is_erased_once_and_nobody_else(portal: Shop, tmp_path: Path):
    ada, ben = portal.join("ada@example.org"), portal.join("ben@example.org")
    file = listed(tmp_path, ada, f"{ada[:-1]}{'1' if ada[-1] == '0' else '0'}")
    assert call("erasures", "replay", file).output.startswith("1 of 2 erased again")
    assert call("erasures", "replay", file).output.startswith("0 of 2 erased again")
    assert known(portal) == {ben}
    assert [(link.deed.action, link.deed.subject_id) for link in run(portal.engine, read_audit, writes=False)] == [
        ("member.erased", ada)
    ]
    assert run(portal.engine, check_audit, writes=False) == []
    assert portal.broken() == []


def test_a_restored_copy_forgets_again_who_was_erased_since(
    sqlite: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("PORTAL_DATABASE_URL", str(sqlite.url))
    shop, copy, kept = Shop(sqlite), tmp_path / "copy.db", tmp_path / "kept.txt"
    shop.publish(rulebook(BASE5))
    ada, ben = shop.join("ada@example.org"), shop.join("ben@example.org")
    assert call("backup", copy).exit_code == 0
    late = shop.join("late@example.org")
    assert call("erasures", "replay", listed(tmp_path, ada, late)).exit_code == 0
    assert call("erasures", "keep", kept).output == f"{kept}: 2 added to 0\n"
    sqlite.dispose()
    assert call("restore", copy, "--yes").exit_code == 0
    assert known(shop) == {ada, ben}
    assert call("erasures", "keep", kept).output == f"{kept}: 0 added to 2\n"
    assert call("erasures", "replay", kept).output.startswith("1 of 2 erased again")
    assert known(shop) == {ben}


def test_a_list_that_is_none_erases_nobody(portal: Shop, tmp_path: Path):
    ada = portal.join("ada@example.org")
    file = listed(tmp_path, ada, "ada@example.org")
    for command in ("replay", "keep"):
        answer = call("erasures", command, file)
        assert (answer.exit_code, answer.output.count("\n")) == (1, 1)
        assert "line 2 does not begin with a member's id; nothing was done" in answer.output
    assert known(portal) == {ada}
