"""What is not ours is unchanged, and stands in the list with its licence."""

import hashlib
import re

import pytest

from portal.config import ROOT

VENDOR = ROOT / "static" / "vendor"
LISTED = dict(
    re.findall(r"^\| `(\S+/\S+)` \|.*\| `([0-9a-f]{64})` \|$", (VENDOR / "README.md").read_text("utf-8"), re.MULTILINE)
)
KEPT = [path for path in VENDOR.rglob("*") if path.is_file() and path.name not in {"README.md", "LICENSE"}]


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.name)
def test_a_vendored_file_is_what_was_published(path) -> None:
    assert LISTED[path.relative_to(VENDOR).as_posix()] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (path.parent / "LICENSE").is_file()


def test_every_icon_that_a_template_asks_for_is_in_the_sprite() -> None:
    sprite = (VENDOR / "lucide-1.62.0" / "icons.svg").read_text("utf-8")
    there = set(re.findall(r'<symbol id="([a-z-]+)"', sprite))
    asked = {
        name
        for template in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r'icon\("([a-z-]+)"', template.read_text("utf-8"))
    }
    assert asked <= there
