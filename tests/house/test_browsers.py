import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal.config import ROOT


@pytest.fixture
def suite(tmp_path: Path):
    """Give a run of one browser test and one other, on a machine whose browser is set by `environment`."""
    (tmp_path / "test_pages.py").write_text(
        "import pytest\n\n@pytest.mark.browser\ndef test_page(): pass\n\ndef test_other(): pass\n", encoding="utf-8"
    )

    def run(*options: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "pytest", "-p", "xdist.plugin", "-p", "tests.browsers", *options]
        command += ["-c", str(ROOT / "pyproject.toml")]
        settings = os.environ | environment | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # they take longer than the run
        return subprocess.run([*command, tmp_path], cwd=ROOT, env=settings, capture_output=True, text=True, check=False)

    return run


def test_without_a_browser_the_last_lines_say_what_was_not_checked(suite):
    answer = suite(PORTAL_BROWSER_PATH="/nowhere", PORTAL_REQUIRE_BROWSER="")
    assert answer.returncode == 0, answer.stdout
    last = answer.stdout.strip().splitlines()[-2:]
    assert any("NOT CHECKED IN A BROWSER: 1 browser tests were skipped" in line for line in last)


@pytest.mark.parametrize("options", [(), ("-n", "2")])
def test_a_required_browser_that_is_missing_ends_the_run_as_a_wrong_call(suite, options: tuple[str, ...]):
    answer = suite(*options, PORTAL_BROWSER_PATH="/nowhere", PORTAL_REQUIRE_BROWSER="1")
    assert answer.returncode == pytest.ExitCode.USAGE_ERROR


def test_the_browser_of_the_setting_is_used(suite):
    answer = suite(PORTAL_BROWSER_PATH=sys.executable, PORTAL_REQUIRE_BROWSER="1")
    assert answer.returncode == 0
    assert "NOT CHECKED" not in answer.stdout
