"""The manifest, one for each language: what the app is called, its icons and pictures.

What is the same in every shop and language, as how it opens, stands in `manifest.webmanifest` beside `app.py`. What
each member is for, and which browser reads it, stands in pwa.md §1.1 of the design.
"""

import json
from functools import cache
from typing import Any

from flask import Blueprint, Response, current_app, request

from portal.config import ROOT, Language
from portal.web.guards import public
from portal.web.icons import SCREENS, Icon
from portal.web.language import current_language, mark
from portal.web.render import Look
from portal.web.speaker import speaker
from portal.web.theme import PAPER
from portal.web.transactions import opens_its_own

blueprint = Blueprint("manifest", __name__)

ADDRESS = "/manifest.webmanifest"
ALIKE = ROOT / "manifest.webmanifest"
"""Its `id` is for ever: another one would be another app on every phone."""

SHORTCUTS = (
    (mark("Card"), "/card", "shortcut-card-96"),
    (mark("History"), "/history", "shortcut-history-96"),
    (mark("Messages"), "/inbox", "shortcut-messages-96"),
    (mark("Estimate"), "/calculator", "shortcut-estimate-96"),
)
LABELS = {
    "home": mark("The balance, what is new and what waits"),
    "card": mark("The card at the till, with a code that changes"),
    "entry": mark("Every point explains itself, rule by rule"),
}


@blueprint.get(ADDRESS)
@public
@opens_its_own
def manifest() -> Response:
    look: Look = current_app.extensions["look"]
    asked = request.args.get("lang")
    language = next((each.code for each in look.languages if each.code == asked), current_language())
    answer = Response(manifest_text(look, language), content_type="application/manifest+json")
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@cache
def manifest_text(look: Look, language: Language) -> str:
    return json.dumps(manifest_of(look, language), ensure_ascii=False)


def manifest_of(look: Look, language: Language) -> dict[str, Any]:
    """Return the manifest of this shop in a language."""
    say = speaker(language)
    return json.loads(ALIKE.read_text("utf-8")) | {
        "name": look.shop,
        "short_name": look.short_name,
        "description": say.sentence(
            "The card of %(shop)s: your points, and why each of them is there.", shop=look.shop
        ),
        "lang": language,
        "theme_color": PAPER["light"],
        "background_color": PAPER["light"],
        "icons": _icons(look),
        "shortcuts": [
            {"name": say.sentence(name), "url": path, "icons": [_image(look.icons[icon])]}
            for name, path, icon in SHORTCUTS
        ],
        "screenshots": [
            _image(look.icons[f"screen-{language}-{screen.name}"])
            | {"form_factor": screen.form, "label": say.sentence(LABELS[screen.page])}
            for screen in SCREENS
        ],
    }


def _icons(look: Look) -> list[dict[str, str]]:
    purposes = {"any-192": "any", "any-512": "any", "maskable-512": "maskable", "monochrome-512": "monochrome"}
    return [_image(look.icons[name]) | {"purpose": purpose} for name, purpose in purposes.items()]


def _image(icon: Icon) -> dict[str, str]:
    return {"src": icon.address, "sizes": f"{icon.width}x{icon.height}", "type": "image/png"}
