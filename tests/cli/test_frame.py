"""What every command says when the database or a file is not to be had."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from portal.cli import main

resource = pytest.importorskip("resource", reason="Windows sets no limit to a file")


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond `size` bytes, as a full disk would not."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_is_full_is_told_in_one_line(sqlite: Engine, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PORTAL_DATABASE_URL", str(sqlite.url))
    with files_of_at_most(33_000):
        answer = CliRunner().invoke(main, ["staff", "add", "Tim", "--pin", "482913"])
    assert (answer.exit_code, answer.output.count("\n")) == (1, 1)
    assert answer.output.startswith("Error: the database cannot be used: ")
    assert CliRunner().invoke(main, ["staff", "list"]).output == ""


@pytest.mark.parametrize("command", [["migrate"], ["staff", "list"], ["serve"]])
def test_a_folder_that_cannot_be_made_is_told_in_one_line(
    command: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    (tmp_path / "file").touch()
    monkeypatch.setenv("PORTAL_DATABASE_URL", f"sqlite:///{tmp_path / 'file' / 'portal.db'}")
    answer = CliRunner().invoke(main, command)
    assert (answer.exit_code, answer.output.count("\n")) == (1, 1)
    assert str(tmp_path / "file") in answer.output


@pytest.mark.parametrize("url", ["postgresql://tim:secret@shop:port/name", "postgresql+asyncpg://shop/name", "sqlite"])
@pytest.mark.parametrize("command", [["migrate"], ["backup", "copy.db"]])
def test_an_address_that_is_none_is_told_without_its_password(
    command: list[str], url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PORTAL_DATABASE_URL", url)
    answer = CliRunner().invoke(main, command)
    assert (answer.exit_code, answer.output.count("\n")) == (2, 1)
    assert answer.output.startswith("PORTAL_DATABASE_URL: ")
    assert "secret" not in answer.output


@pytest.mark.parametrize(
    "command",
    [["serve"], ["jobs"], ["run-jobs"], ["check-ledger"], ["staff", "list"], ["staff", "add", "Tim"], ["demo"]],
)
def test_a_mistyped_path_makes_no_database(command: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    mistyped = tmp_path / "var" / "prtal.db"
    monkeypatch.setenv("PORTAL_DATABASE_URL", f"sqlite:///{mistyped}")
    answer = CliRunner().invoke(main, command, input="482913\n482913\n")
    assert answer.exit_code == 1
    assert f"there is no database at {mistyped}" in answer.output
    assert not mistyped.parent.exists()
    assert CliRunner().invoke(main, ["migrate"]).exit_code == 0
    assert mistyped.exists()
