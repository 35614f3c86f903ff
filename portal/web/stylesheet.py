"""One stylesheet of many small files, put together at start: tokens, base, components, pages, the shop's hue.

The night sheet stays apart, so that a page can link it for a dark system, always or never; the till's too, which no
member's phone needs.
"""

import gzip
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import brotli
from flask import Blueprint, Response, abort, request

from portal.config import ROOT
from portal.web.brand import brand_css
from portal.web.guards import public
from portal.web.transactions import opens_its_own

CSS = ROOT / "static" / "css"
LAYERS = "@layer reset, base, components, pages, utilities;"
FOREVER = "public, max-age=31536000, immutable"

_COMMENTS = re.compile(r"/\*.*?\*/", re.DOTALL)
_INDENTS = re.compile(r"\n\s*")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A stylesheet ready to send: its text and the same compressed, under an address that changes with it."""

    name: str
    address: str
    plain: bytes
    packed: bytes
    brotli: bytes


def day_sheet(hue: int, *, folder: Path = CSS) -> Sheet:
    """Put everything but the night's tokens and the till's pages together."""
    parts = [folder / "tokens.css", folder / "base.css", *sorted((folder / "components").glob("*.css"))]
    parts += sorted({*(folder / "pages").glob("*.css")} - {*_till_parts(folder)})
    texts = [LAYERS, *(part.read_text("utf-8") for part in [*parts, folder / "utilities.css"]), brand_css(hue)]
    return _sheet("day", text="\n".join(texts))


def night_sheet(folder: Path = CSS) -> Sheet:
    return _sheet("night", text=LAYERS + (folder / "tokens-dark.css").read_text("utf-8"))


def till_sheet(folder: Path = CSS) -> Sheet:
    """Put the till's pages together; they are linked beside the day's sheet."""
    return _sheet("till", text="\n".join([LAYERS, *(part.read_text("utf-8") for part in _till_parts(folder))]))


def _till_parts(folder: Path) -> list[Path]:
    return sorted((folder / "pages").glob("till*.css"))


def sheet_blueprint(*sheets: Sheet) -> Blueprint:
    """Serve the sheets for ever under their addresses, compressed as the browser likes it.

    A page of an earlier release that is still open gets today's sheet under the old address, for once: it fits better
    than none.
    """
    blueprint = Blueprint("style", __name__)
    by_name = {sheet.name: sheet for sheet in sheets}

    @blueprint.get("/style/<name>")
    @public
    @opens_its_own
    def sheet(name: str) -> Response:
        found = by_name.get(name.partition(".")[0]) or abort(404)
        answer = _encoded(found)
        kept = FOREVER if request.path == found.address else "no-store"
        answer.headers.update({"Cache-Control": kept, "Vary": "Accept-Encoding"})
        return answer

    return blueprint


def _sheet(name: str, *, text: str) -> Sheet:
    plain = _INDENTS.sub("\n", _COMMENTS.sub("", text)).encode()  # a tenth less to wait for before the first picture
    digest = sha256(plain).hexdigest()[:12]
    return Sheet(name, f"/style/{name}.{digest}.css", plain, gzip.compress(plain, mtime=0), brotli.compress(plain))


def _encoded(sheet: Sheet) -> Response:
    encoding = request.accept_encodings.best_match(["br", "gzip"])
    body = {"br": sheet.brotli, "gzip": sheet.packed}.get(encoding or "", sheet.plain)
    answer = Response(body, mimetype="text/css")
    if encoding:
        answer.headers["Content-Encoding"] = encoding
    return answer
