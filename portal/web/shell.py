"""The app's shell: the service worker with the list of what it keeps, and the page it shows without a network."""

import json
from functools import cache
from hashlib import sha256

from flask import Blueprint, Response, current_app, request

from portal.config import ROOT
from portal.web.guards import public
from portal.web.render import Look, page
from portal.web.static import SHELL_VERSION, SOURCE, build_name, static_url
from portal.web.transactions import opens_its_own

blueprint = Blueprint("shell", __name__)

OFFLINE_PAGES = ("/offline", "/card/offline")
"""Public pages that the worker keeps: drawn in the language and looks of the browser, with nobody's name on them."""

FILES = ("js/*.js", "vendor/lucide-*/icons.svg")
TEXTS = ("templates/**/*.html", "portal/web/locales/*.po")
WORKER = ROOT / "service-worker.js"


@blueprint.get("/service-worker.js")
@public
@opens_its_own
def service_worker() -> Response:
    """Send the worker; the browser asks at every start whether there is another one."""
    answer = Response(worker_text(current_app.extensions["look"]), content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@blueprint.get("/offline")
@public
@opens_its_own
def offline() -> Response:
    return page("app/offline.html")


@cache
def worker_text(look: Look) -> str:
    """Return the worker with the shell of this shop before it."""
    shell = {
        "build": f"{SHELL_VERSION}.{build_of(look)}",
        "statics": build_name(),
        "files": shell_files(look),
        "pages": OFFLINE_PAGES,
    }
    return f"const SHELL = {json.dumps(shell)};\n{WORKER.read_text('utf-8')}"


def shell_files(look: Look) -> list[str]:
    """Return the addresses of sheets, the icon and the members' modules; the till has a worker of its own."""
    names = sorted(path.relative_to(SOURCE).as_posix() for pattern in FILES for path in SOURCE.glob(pattern))
    ours = [static_url(name) for name in names if not name.startswith("js/till-")]
    return [look.day.address, look.night.address, look.icons["any-192"].address, *ours]


def build_of(look: Look) -> str:
    """Return a name that changes with the static files, the looks of the shop and the words of its pages."""
    digest = sha256(f"{build_name()} {look.day.address} {look.night.address} {look.shop} {look.languages}".encode())
    for path in sorted(path for pattern in TEXTS for path in ROOT.glob(pattern)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
