"""Pages and their parts: templates receive values, and a part is the block that bears the name of its element's id.

There is one environment for each language, so that a template's sentences and formats are bound once, not asked for at
every use; icons, the head and the bottom bar, the same for everybody, are kept ready.
"""

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from flask import Flask, Response, current_app
from flask.templating import Environment as FlaskEnvironment
from jinja2 import Environment, StrictUndefined, Template, nodes
from markupsafe import Markup

from portal.config import Language, Settings
from portal.web.addresses import page_of_the_form
from portal.web.escaping import Escaping
from portal.web.flattening import WHOLE, flat_template
from portal.web.folding import Folding
from portal.web.here import asked, noted
from portal.web.hx import wanted_part
from portal.web.icons import Icon
from portal.web.language import SPOKEN, Spoken, current_language
from portal.web.plain import Answer
from portal.web.speaker import speaker
from portal.web.static import SHELL_VERSION, static_url
from portal.web.stylesheet import Sheet
from portal.web.theme import PAPER, current_theme
from portal.web.transactions import SAFE

FRAME = "base.html"
SPRITE = "vendor/lucide-1.62.0/icons.svg"


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What every page of this shop has in common, settled at start."""

    shop: str
    short_name: str
    origin: str
    languages: tuple[Spoken, ...]
    day: Sheet
    night: Sheet
    till: Sheet
    icons: Mapping[str, Icon]
    demo: bool


@dataclass(frozen=True, slots=True)
class Shell:
    """What surrounds the page of this request; an answer to a form stands at `form_page`, "" for what was opened."""

    look: Look
    language: str
    theme: str
    path: str
    session_mark: str
    form_page: str


class Templates(FlaskEnvironment):
    """Templates whose globals are settled when they are loaded.

    Jinja's chain of mappings, which sees later ones too, is searched in Python at every page and every import.
    """

    code_generator_class = Escaping
    settled: Mapping[str, Callable[..., str]] = MappingProxyType({})
    """Functions whose calls with constants are answered when a template is read."""
    read: dict[str, Template] | None = None
    """The templates read so far, by name; Jinja's own cache asks a lock and a reference at every import."""

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:  # noqa: A002
        if self.read is None or globals is not None:
            return super().get_template(name, parent, globals)
        found = self.read.get(name)
        if found is None:
            found = self.read[name] = super().get_template(name, parent)
        return found

    def make_globals(self, d: Mapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}

    def whole(self, name: str) -> Template:
        """Return a page for who wants all of it."""
        if self.read is None:
            return self.get_template(name)
        key = f"whole {name}"
        if key not in self.read:
            self.read[key] = flat_template(self, name)
        return self.read[key]

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        template = super()._parse(source, name, filename)
        return Folding(self.settled).visit(template) if self.settled else template


def set_up_templates(app: Flask, *, look: Look) -> None:
    """Make templates strict and give each language its environment."""
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    app.extensions["look"] = look
    app.extensions["environments"] = {each.code: _spoken(environment, look, each.code) for each in look.languages}


def look_of(settings: Settings, *, sheets: tuple[Sheet, Sheet, Sheet], icons: Mapping[str, Icon]) -> Look:
    spoken = tuple(SPOKEN[language] for language in settings.languages)
    return Look(settings.shop_name, settings.short_name, settings.origin, spoken, *sheets, icons, settings.demo)


def page(template: str, *, status: int = 200, **values: object) -> Response:
    """Render a page, or the part of it that htmx wants; a part's block imports what it needs."""
    language = current_language()
    settled = current_app.extensions
    form_page = "" if asked().method in SAFE else page_of_the_form()
    mark = noted().get("session_mark", "")
    values["shell"] = Shell(settled["look"], language, current_theme(), asked().path, mark, form_page)
    environment: Templates = settled["environments"][language]
    part = wanted_part()
    if part is not None and _is_part(part, found := environment.get_template(template), environment):
        text = "".join(found.blocks[part](found.new_context(values)))
    else:
        text = environment.whole(template).render(values)
    return Answer(text, status, content_type="text/html; charset=utf-8")


def _is_part(name: str, template: Template, environment: Environment) -> bool:
    """Tell whether a page has a part of this name; blocks of the frame are none, and do not import what they need."""
    return name in template.blocks and name not in environment.get_template(FRAME).blocks


@cache
def icon(name: str, more: str = "") -> Markup:
    """Return an icon of the sprite; it says nothing to a screen reader, the word beside it does."""
    classes = f"icon {more}".strip()
    return Markup('<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>').format(
        classes, static_url(SPRITE), name
    )


def _spoken(environment: Environment, look: Look, language: Language) -> Environment:
    says = speaker(language)
    overlay: Any = environment.overlay(cache_size=400)
    overlay.filters = {**environment.filters, **says.filters(), WHOLE: str}
    settled = {"_": says.sentence, "icon": icon, "static_url": static_url, "fixed": _fixed(overlay)}
    globals_: dict[str, Any] = {**environment.globals, **settled, "ngettext": says.counted_sentence}
    overlay.globals = globals_ | {"bar": _bar(overlay), "head": _head(overlay, look, language)}
    overlay.settled = settled
    if not overlay.auto_reload:
        overlay.read = dict[str, Template]()
    return overlay


def _head(environment: Environment, look: Look, language: Language) -> Callable[[str], Markup]:
    """Return what stands in the head of every page by its theme."""

    @cache
    def drawn(theme: str) -> Markup:
        template = environment.get_template("parts/head.html")
        values = {"look": look, "theme": theme, "language": language, "paper": PAPER, "shell_version": SHELL_VERSION}
        return Markup(template.render(values))  # noqa: S704

    return drawn


def _fixed(environment: Environment) -> Callable[[str], Markup]:
    """Return what draws a part that is the same on every page."""
    return lambda name: Markup(environment.get_template(name).render())  # noqa: S704


def _bar(environment: Environment) -> Callable[[str], Markup]:
    """Return the bottom bar by the page it stands on; the page's part of the address is all that matters."""

    @cache
    def drawn(section: str) -> Markup:
        return Markup(environment.get_template("parts/bar.html").render(section=section))  # noqa: S704

    return lambda path: drawn(section if (section := path.split("/", 2)[1]) in PLACES else "")


PLACES = frozenset({"home", "history", "card", "offers", "profile"})
