"""Every sentence of the pages is there in Russian, with all its plural forms and the same slots."""

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import portal
from portal.config import ROOT
from portal.errors import Refused
from portal.web.language import LOCALES

SLOT = re.compile(r"%\((\w+)\)s")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "mark": None,
    "sentence": None,
    "ngettext": (1, 2),
    "counted_sentence": (1, 2),
    "ungettext": (1, 2),
}
WRITTEN = [
    (ROOT / "portal", [("**.py", "python")]),
    (ROOT / "templates", [("**.html", "jinja2"), ("**.txt", "jinja2")]),
]
WRITTEN += [(ROOT / "templates" / "email", [("**.subject", "jinja2"), ("**.sms", "jinja2"), ("**.txt", "jinja2")])]


def refusals(kind: type[Refused] = Refused) -> Iterator[type[Refused]]:
    yield kind
    for child in kind.__subclasses__():
        yield from refusals(child)


def spoken() -> set[str | tuple[str, ...]]:
    """Return every sentence that a page, a letter or a refusal may say."""
    found: set[str | tuple[str, ...]] = set()
    for folder, methods in WRITTEN:
        for _file, _line, message, _comments, _context in extract_from_dir(folder, methods, keywords=KEYWORDS):
            found.add(tuple(message) if isinstance(message, (tuple, list)) else message)
    for module in pkgutil.walk_packages(portal.__path__, "portal."):
        if not module.name.startswith(("portal.migrations", "portal.cli", "portal.demo")):
            importlib.import_module(module.name)
    texts = {kind.text for kind in refusals() if kind.__module__.startswith("portal.")}
    return found | {text for text in texts if SLOT.sub("", text).strip()}


@pytest.fixture(scope="module")
def russian() -> dict[str | tuple[str, ...], Message]:
    with (LOCALES / "ru.po").open("rb") as file:
        catalogue = read_po(file, locale="ru")
    return {tuple(each.id) if isinstance(each.id, (tuple, list)) else each.id: each for each in catalogue if each.id}


def test_every_sentence_is_there_in_russian(russian: dict) -> None:
    missing = sorted(map(str, spoken() - russian.keys()))
    assert not missing, "\n".join(missing)


def test_no_sentence_is_left_that_nobody_says(russian: dict) -> None:
    assert not sorted(map(str, russian.keys() - spoken()))


def test_every_plural_has_three_forms_and_nothing_is_empty_or_doubtful(russian: dict) -> None:
    for said, message in russian.items():
        forms = message.string if isinstance(said, tuple) else (message.string,)
        assert len(forms) == (3 if isinstance(said, tuple) else 1), said
        assert all(forms), said
        assert not message.fuzzy, said


def test_translations_keep_the_slots(russian: dict) -> None:
    for said, message in russian.items():
        many = said[1] if isinstance(said, tuple) else said
        for form in message.string if isinstance(said, tuple) else (message.string,):
            assert set(SLOT.findall(form)) == set(SLOT.findall(many)), said
