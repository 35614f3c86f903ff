import re
from pathlib import Path

import pytest

from portal.config import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
ASKED = sorted((ROOT / "requirements").glob("*.in"))


def names(text: str) -> set[str]:
    found = re.findall(r"^([A-Za-z0-9][\w.-]*)", text, re.MULTILINE)
    return {name.lower().replace("_", "-").replace(".", "-") for name in found}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_names_no_host(lock: Path):
    assert not re.search(r"://|@ |--(index|find-links|trusted)", lock.read_text("utf-8"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_everything_locked_has_a_version_and_a_hash(lock: Path):
    for entry in re.split(r"\n(?=\S)", lock.read_text("utf-8").strip()):
        assert re.match(r"[\w.-]+(\[[\w,]+\])?==", entry), entry
        assert "--hash=sha256:" in entry, entry


@pytest.mark.parametrize("asked", ASKED, ids=lambda path: path.name)
def test_everything_asked_for_is_locked(asked: Path):
    assert names(asked.read_text("utf-8")) <= names(asked.with_suffix(".txt").read_text("utf-8"))


def test_the_dev_lock_holds_the_run_lock():
    run, dev = ((ROOT / f"requirements/{kind}.txt").read_text("utf-8") for kind in ("run", "dev"))
    pinned = re.compile(r"^\S+==\S+", re.MULTILINE)
    assert set(pinned.findall(run)) <= set(pinned.findall(dev))
