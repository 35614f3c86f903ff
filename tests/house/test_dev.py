import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import dev
from portal.config import ROOT


def told(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "dev.py", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("arguments", [(), ("sell",), ("demo", "--prot", "1")])
def test_a_wrong_call_is_told_the_right_ones(arguments: tuple[str, ...]):
    answer = told(*arguments)
    assert answer.returncode == 2
    assert "python3 dev.py demo" in answer.stdout


def test_the_portals_own_command_line_is_reached():
    answer = told("portal", "--help")
    assert answer.returncode == 0
    assert "serve" in answer.stdout


def test_a_lock_is_the_same_whatever_its_line_ends(tmp_path: Path):
    unix, windows = tmp_path / "unix", tmp_path / "windows"
    unix.write_bytes(b"a==1 \\\n    --hash=sha256:0\n")
    windows.write_bytes(b"a==1 \\\r\n    --hash=sha256:0\r\n")
    assert dev.fingerprint(unix) == dev.fingerprint(windows)


def test_it_needs_nothing_but_python():
    imported = {
        line.split()[1] for line in (ROOT / "dev.py").read_text("utf-8").splitlines() if line.startswith("import ")
    }
    assert imported <= sys.stdlib_module_names


@pytest.mark.parametrize("command", [each for each in dev.CHECKS.values() if not each.startswith("-c ")])
def test_a_check_is_a_command(command: str):
    """A module that does nothing when it is run is a check that never fails."""
    assert find_spec(f"{command.split(maxsplit=1)[0]}.__main__")


def test_ci_runs_what_the_readme_tells():
    for command in ("python3 dev.py test", "python3 dev.py check"):
        assert command in (ROOT / "README.md").read_text("utf-8")
        assert command in (ROOT / ".ci/run").read_text("utf-8")
