"""The page's language: which one, and its sentences from `locales/*.po`, read once at start.

English is written in the code and the templates; every other language has a catalogue. `mark` names a sentence that is
translated later, where it is shown.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, current_app
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from portal.config import Language
from portal.errors import Refused
from portal.web.cookies import cookie_said
from portal.web.here import asked, noted

LOCALES = Path(__file__).parent / "locales"
SOURCE = "en"
COOKIE = "language"
NBSP = "\u00a0"
_SHORT = re.compile(r"\b([АВИКОСУавикосуЯя]) (?=[\w%«])")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A language as its speakers call it."""

    code: Language
    name: str


SPOKEN: dict[Language, Spoken] = {"ru": Spoken("ru", "Русский"), "en": Spoken("en", "English")}


@cache
def catalogue(language: str) -> NullTranslations:
    """Return the sentences of a language; those of English are the sentences themselves."""
    if language == SOURCE:
        return NullTranslations()
    with (LOCALES / f"{language}.po").open("rb") as file:
        written = read_po(file, locale=language)
    _typeset(written)
    compiled = BytesIO()
    write_mo(compiled, written)
    compiled.seek(0)
    return Translations(compiled)


def typeset(text: str) -> str:
    """Tie a dash to the word before it, and words of one letter to the one after, as Russian is set."""
    return _SHORT.sub(f"\\1{NBSP}", text.replace(" – ", f"{NBSP}– "))


def _typeset(written: Catalog) -> None:
    for message in written:
        if message.id:
            forms = message.string if isinstance(message.string, tuple) else (message.string,)
            tied = tuple(typeset(str(form)) for form in forms)
            message.string = tied if isinstance(message.string, tuple) else tied[0]


def speak(app: Flask, *, languages: tuple[Language, ...]) -> None:
    """Tell the app which languages it may speak, and read their sentences."""
    app.extensions["languages"] = languages
    for language in languages:
        catalogue(language)


def mark(message: str) -> str:
    """Name a sentence for the translators; whoever shows it asks `gettext`."""
    return message


def gettext(message: str) -> str:
    return catalogue(current_language()).ugettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    return catalogue(current_language()).ungettext(one, many, count)


def said(refusal: Refused) -> str:
    """Say a refusal in the language of the page."""
    return gettext(refusal.text) % refusal.facts


def current_language() -> Language:
    """Return the member's own language, else the one this browser chose or asks for, else the shop's first."""
    here = noted()
    language: Language | None = here.get("language")  # asked for every sentence
    if language is None:
        language = here.language = _choose()
    return language


def set_language(language: str) -> None:
    """Speak this language for the rest of the request."""
    noted().language = _known(language)


def _choose() -> Language:
    offered: tuple[Language, ...] = current_app.extensions["languages"]
    chosen = cookie_said(COOKIE)
    return _known(chosen if chosen in offered else _wanted(asked().headers.get("Accept-Language", ""), offered))


@lru_cache(maxsize=256)
def _wanted(accepted: str, offered: tuple[Language, ...]) -> str | None:
    """Read an Accept-Language header; browsers and tills send a handful of them for ever."""
    return parse_accept_header(accepted, LanguageAccept).best_match(offered)


def _known(language: str | None) -> Language:
    """Return the language if the shop speaks it, else the shop's first."""
    offered: tuple[Language, ...] = current_app.extensions["languages"]
    return next((each for each in offered if each == language), offered[0])
