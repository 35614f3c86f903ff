"""Pages and their parts: templates receive values, and a part is the block that bears the name of its element's id."""

from dataclasses import dataclass

from flask import Flask, Response, current_app, make_response, request
from jinja2 import StrictUndefined

from portal.web.filters import FILTERS
from portal.web.hx import wanted_part
from portal.web.language import SPOKEN, Spoken, current_language
from portal.web.stylesheet import Sheet
from portal.web.theme import current_theme


@dataclass(frozen=True, slots=True)
class Look:
    """What every page of this shop has in common, settled at start."""

    shop: str
    languages: tuple[Spoken, ...]
    day: Sheet
    night: Sheet
    demo: bool


@dataclass(frozen=True, slots=True)
class Shell:
    """What surrounds the page of this request."""

    look: Look
    language: str
    theme: str
    path: str


def set_up_templates(app: Flask, *, look: Look) -> None:
    """Make templates strict, give them the filters and the shell around every page."""
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update(FILTERS)
    app.extensions["look"] = look
    app.context_processor(_shell)


def look_of(*, shop: str, languages: tuple[str, ...], sheets: tuple[Sheet, Sheet], demo: bool) -> Look:
    day, night = sheets
    return Look(shop, tuple(SPOKEN[language] for language in languages), day, night, demo)


def page(template: str, *, status: int = 200, **values: object) -> Response:
    """Render a page, or the part of it that htmx wants; a part's block imports what it needs."""
    environment = current_app.jinja_env
    found = environment.get_template(template)
    part = wanted_part()
    if part is None or part not in found.blocks:
        text = found.render(_context(values))
    else:
        text = "".join(found.blocks[part](found.new_context(_context(values))))
    return make_response(text, status)


def _context(values: dict[str, object]) -> dict[str, object]:
    context = dict(values)
    current_app.update_template_context(context)
    return context


def _shell() -> dict[str, object]:
    look: Look = current_app.extensions["look"]
    return {"shell": Shell(look, current_language(), current_theme(), request.path)}
