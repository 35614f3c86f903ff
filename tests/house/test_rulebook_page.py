"""docs/rulebook.md says what the code says, and every kind shows an example."""

import pytest

from portal.config import ROOT
from portal.rulebook.conditions import CONDITIONS
from portal.rulebook.effects import EFFECTS
from portal.rulebook.handbook import handbook
from portal.rulebook.linter.findings import kind_name


@pytest.fixture(scope="module")
def page() -> str:
    return handbook()


def test_the_page_is_what_the_code_says(page: str) -> None:
    written = (ROOT / "docs" / "rulebook.md").read_text(encoding="utf-8")
    assert written == page, "run 'python3 dev.py portal rulebook docs'"


@pytest.mark.parametrize("kind", [*CONDITIONS, *EFFECTS], ids=kind_name)
def test_every_kind_shows_an_example(page: str, kind: type) -> None:
    assert "Example: " in (kind.__doc__ or "")
    assert f"### `{kind_name(kind)}`\n" in page
