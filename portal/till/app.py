"""The till as an app of its own: manifest, service worker, and the page it shows without a network."""

import json
from functools import cache
from typing import Any

from flask import Blueprint, Response, current_app, request

from portal.config import Language
from portal.till.till_page import SCANNER_CSP
from portal.web.guards import public
from portal.web.language import current_language, mark
from portal.web.render import Look, page
from portal.web.shell import build_of
from portal.web.speaker import speaker
from portal.web.static import SOURCE, static_url
from portal.web.theme import PAPER
from portal.web.transactions import opens_its_own

blueprint = Blueprint("till_app", __name__)

IDENTITY = "/?app=till"  # for ever, as the members' one
OFFLINE = "/till/offline"
PAGES = (OFFLINE, "/till/queue")
"""Public pages that work without a network; the first one stands in for every other."""

FILES = (
    "js/till-*.js",
    "js/asking.js",
    "js/take-focus.js",
    "vendor/htmx-*/*.js",
    "vendor/lucide-*/icons.svg",
    "vendor/barcode-*/*.js",
    "vendor/zxing-*/*.wasm",
)
WORKER = SOURCE / "worker/till.js"
SHORTCUTS = (
    (mark("Scan"), "/till?start=camera"),
    (mark("Return"), "/till/refund"),
    (mark("New member"), "/till/join"),
)


@blueprint.get("/till/manifest.webmanifest")
@public
@opens_its_own
def manifest() -> Response:
    look: Look = current_app.extensions["look"]
    asked = request.args.get("lang")
    language = next((each.code for each in look.languages if each.code == asked), current_language())
    return _lasting(Response(_manifest_text(look, language), content_type="application/manifest+json"))


@blueprint.get("/till/service-worker.js")
@public
@opens_its_own
def service_worker() -> Response:
    """Send the worker; it may look after `/till` itself, which lies above its folder."""
    answer = Response(_worker_text(current_app.extensions["look"]), content_type="text/javascript; charset=utf-8")
    answer.headers["Service-Worker-Allowed"] = "/till"
    return _lasting(answer)


@blueprint.get(OFFLINE)
@public
@opens_its_own
def offline() -> Response:
    """Show the sale of a till without a network: it keeps purchases on the device, and may read codes by camera."""
    answer = page("till/offline.html")
    answer.headers["Content-Security-Policy"] = SCANNER_CSP
    return answer


def _lasting(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@cache
def _worker_text(look: Look) -> str:
    names = sorted(path.relative_to(SOURCE).as_posix() for pattern in FILES for path in SOURCE.glob(pattern))
    files = [look.day.address, look.night.address, look.till.address, *map(static_url, names)]
    shell = {"build": build_of(look), "files": files, "pages": PAGES}
    return f"const SHELL = {json.dumps(shell)};\n{WORKER.read_text('utf-8')}"


@cache
def _manifest_text(look: Look, language: Language) -> str:
    return json.dumps(_manifest_of(look, language), ensure_ascii=False)


def _manifest_of(look: Look, language: Language) -> dict[str, Any]:
    say = speaker(language)
    return {
        "id": IDENTITY,
        "name": say.sentence("%(shop)s: the till", shop=look.shop),
        "short_name": say.sentence("Till"),
        "lang": language,
        "dir": "ltr",
        "start_url": "/till",
        "scope": "/till",
        "display": "standalone",
        "display_override": ["standalone", "minimal-ui"],
        "theme_color": PAPER["light"],
        "background_color": PAPER["light"],
        "launch_handler": {"client_mode": ["navigate-existing", "auto"]},
        "icons": [_icon(look, name, purpose) for name, purpose in ICONS],
        "shortcuts": [{"name": say.sentence(name), "url": path} for name, path in SHORTCUTS],
    }


ICONS = (("any-192", "any"), ("any-512", "any"), ("maskable-512", "maskable"), ("monochrome-512", "monochrome"))


def _icon(look: Look, name: str, purpose: str) -> dict[str, str]:
    icon = look.icons[name]
    return {"src": icon.address, "sizes": f"{icon.width}x{icon.height}", "type": "image/png", "purpose": purpose}
