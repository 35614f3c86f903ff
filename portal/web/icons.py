"""The app's icons: ours in the shop's hue, or the shop's own from a folder; each under an address that changes with it.

Ours are pictures with a palette of three inks. Colours below 128 are solid: the upper three bits say how much of the
brand is turned to its darker tone, the lower four how much white lies over it. From 128 on there is no white, and the
lower four bits say how solid the colour is.
"""

import struct
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from flask import Blueprint, Response, abort, request

from portal.config import ROOT, SettingsError
from portal.web.brand import brand_rgb
from portal.web.guards import public
from portal.web.language import SPOKEN
from portal.web.png import SIGNATURE, parts_of, png_of
from portal.web.stylesheet import FOREVER
from portal.web.transactions import opens_its_own

OURS = ROOT / "static" / "img" / "app"


@dataclass(frozen=True, slots=True)
class Screen:
    """A picture of the app for the browser's question whether to install it."""

    page: str
    form: Literal["narrow", "wide"]

    @property
    def name(self) -> str:
        return f"{self.form}-{self.page}"


SCREENS = (
    Screen("home", "narrow"),
    Screen("card", "narrow"),
    Screen("entry", "narrow"),
    Screen("home", "wide"),
    Screen("entry", "wide"),
)
INKED = {
    "any-192": (192, 192),
    "any-512": (512, 512),
    "maskable-512": (512, 512),
    "apple-180": (180, 180),
    "share-1200x630": (1200, 630),
    "shortcut-card-96": (96, 96),
    "shortcut-history-96": (96, 96),
    "shortcut-estimate-96": (96, 96),
    "shortcut-messages-96": (96, 96),
}
PLAIN = {"monochrome-512": (512, 512), "badge-96": (96, 96)}
SIDES = {"narrow": (780, 1688), "wide": (1280, 800)}
SHOWN = {f"screen-{language}-{each.name}": SIDES[each.form] for language in SPOKEN for each in SCREENS}
SIZES = INKED | PLAIN | SHOWN


@dataclass(frozen=True, slots=True)
class Icon:
    """A picture ready to send."""

    address: str
    body: bytes
    width: int
    height: int


def icons_of(folder: Path | None, *, hue: int) -> dict[str, Icon]:
    """Return every icon by its name: the shop's where its folder has one, else ours in its hue.

    Raises `SettingsError` for a file of the shop that is no PNG of the size in its name.
    """
    if folder and not folder.is_dir():
        raise SettingsError([f"PORTAL_ICON_FOLDER: {folder} is no folder"])
    return {name: _icon(name, folder, hue=hue) for name in SIZES}


def icon_blueprint(icons: dict[str, Icon]) -> Blueprint:
    """Serve the icons for ever under their addresses; an address of an earlier release gets today's, for once."""
    blueprint = Blueprint("icons", __name__)

    @blueprint.get("/icons/<name>")
    @public
    @opens_its_own
    def icon(name: str) -> Response:
        found = icons.get(name.partition(".")[0]) or abort(404)
        answer = Response(found.body, mimetype="image/png")
        answer.headers["Cache-Control"] = FOREVER if request.path == found.address else "no-store"
        return answer

    return blueprint


def palette(hue: int) -> bytes:
    """Return the 256 colours of our pictures in a hue."""
    brand, turned = brand_rgb(hue)
    colours = bytearray()
    for number in range(256):
        ink = _mixed(brand, turned, (number >> 4 & 7) / 7)
        white = (number & 15) / 15 if number < 128 else 0
        colours += bytes(_mixed(ink, (255, 255, 255), white))
    return bytes(colours)


def transparency() -> bytes:
    """Return how solid each of the colours is."""
    return bytes(255 if number < 128 else round((number & 15) * 17) for number in range(256))


def _icon(name: str, folder: Path | None, *, hue: int) -> Icon:
    own = folder / f"{name}.png" if folder else None
    if own and own.is_file():
        body = own.read_bytes()
        if _size(body) != SIZES[name]:
            raise SettingsError([f"PORTAL_ICON_FOLDER: {own.name} is no PNG of {SIZES[name][0]} by {SIZES[name][1]}"])
    else:
        body = (OURS / f"{name}.png").read_bytes()
        if name in INKED:
            body = _coloured(body, palette(hue))
    return Icon(f"/icons/{name}.{sha256(body).hexdigest()[:12]}.png", body, *SIZES[name])


def _coloured(png: bytes, colours: bytes) -> bytes:
    """Put other colours into a picture that has a palette."""
    return png_of((kind, colours[: len(body)] if kind == b"PLTE" else body) for kind, body in parts_of(png))


def _size(png: bytes) -> tuple[int, int] | None:
    return struct.unpack(">II", png[16:24]) if png.startswith(SIGNATURE) and len(png) > 24 else None


def _mixed(one: tuple[int, int, int], other: tuple[int, int, int], share: float) -> tuple[int, int, int]:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
