"""Every kind of message has a test and stands in docs/notifications.md with its example in both languages."""

import pytest

from portal.config import ROOT
from portal.notifications.kinds import KINDS, Kind
from tests.notifications.voices import words

PAGE = (ROOT / "docs" / "notifications.md").read_text(encoding="utf-8")
FILES = {path.stem for path in (ROOT / "portal" / "notifications" / "kinds").glob("*.py")} - {"__init__", "base"}


def test_every_file_is_a_kind_of_its_name():
    assert set(KINDS) == FILES


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_kind_has_a_test(kind: Kind):
    assert (ROOT / "tests" / "notifications" / f"test_{kind.name}.py").exists()


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_kind_is_told_on_the_page_with_its_example(kind: Kind):
    minutes = kind.ttl.total_seconds() / 60
    span = f"{minutes / 60:g} h" if minutes >= 60 else f"{minutes:g} min"
    titles = " | ".join(words(kind.name, language).title for language in ("ru", "en"))
    assert f"| `{kind.name}` | {kind.topic.name} | {span} | {titles} |" in PAGE


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_kind_says_why_it_came_and_where_it_leads(kind: Kind):
    for language in ("ru", "en"):
        told = words(kind.name, language)
        assert all((told.title, told.body, told.why, told.action))
        assert told.path.startswith("/")
        assert len(told.title.encode()) + len(told.body.encode()) < 1000  # a note for a phone is small
