"""The app's icons and the picture of a shared link, drawn in three inks so that a shop's hue can be put in later.

A page paints how much of each ink there is into a colour channel: red is white ink, green the darker tone of the brand,
blue what is not see-through. From that a picture with a palette is made (portal/web/icons.py says how it is read).
"""

import re
from io import BytesIO

from PIL import Image
from playwright.sync_api import Browser

from portal.config import ROOT
from portal.web.icons import palette, transparency

FOLDER = ROOT / "static" / "img" / "app"
SPRITE = ROOT / "static" / "vendor" / "lucide-1.62.0" / "icons.svg"
DROP = "M0-39C18-15 27-2 27 12A27 27 0 0 1-27 12C-27-2-18-15 0-39z"
GLEAM = "M-15 13A15 15 0 0 0-3 27"
GROUND, TONE, WHITE, BOTH = "#00f", "#0ff", "#f0f", "#fff"
SHORTCUTS = {"card": "scan", "history": "history", "estimate": "calculator", "messages": "mail"}


def draw_icons(browser: Browser) -> None:
    """Write every picture of the folder anew."""
    wave = f'<path fill="{TONE}" d="M-50 22C-28 8-14 34 8 26S38 6 50 12V50H-50z"/>'
    plain = f'<rect x="-50" y="-50" width="100" height="100" fill="{GROUND}"/>'
    round_ = f'<rect x="-50" y="-50" width="100" height="100" rx="23" fill="{GROUND}"/>'
    clip = '<clipPath id="r"><rect x="-50" y="-50" width="100" height="100" rx="23"/></clipPath>'
    rounded = f'{clip}{round_}<g clip-path="url(#r)">{wave}</g>{_drop(0.86)}'
    for size in (192, 512):
        _write(browser, f"any-{size}", size, _svg(rounded))
    _write(browser, "maskable-512", 512, _svg(plain + wave + _drop(0.66)))
    _write(browser, "apple-180", 180, _svg(plain + wave + _drop(0.8)))
    for name, symbol in SHORTCUTS.items():
        _write(browser, f"shortcut-{name}-96", 96, _svg(f'<circle r="50" fill="{GROUND}"/>{_symbol(symbol)}'))
    _write(browser, "share-1200x630", (1200, 630), _share())
    _write_mask(browser, "monochrome-512", 512, _drop(0.86))
    _write_mask(browser, "badge-96", 96, _drop(1.02))


def _drop(scale: float) -> str:
    gleam = f'<path fill="none" stroke="{GROUND}" stroke-width="6" stroke-linecap="round" d="{GLEAM}"/>'
    return f'<g transform="translate(0 {4 * scale}) scale({scale})"><path fill="{BOTH}" d="{DROP}"/>{gleam}</g>'


def _symbol(name: str) -> str:
    found = re.search(rf'<symbol id="{name}" [^>]*>(.*?)</symbol>', SPRITE.read_text("utf-8"))
    if found is None:
        raise LookupError(name)
    strokes = f'fill="none" stroke="{WHITE}" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round"'
    return f'<g transform="scale(2.4) translate(-12 -12)" {strokes}>{found[1]}</g>'


def _svg(inner: str, *, box: str = "-50 -50 100 100") -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{inner}</svg>'


def _share() -> str:
    """Draw a receipt that ends in points, beside the drop; it has no words, so it serves every language."""
    lines = "".join(
        f'<rect x="0" y="{y}" width="{w}" height="14" rx="7" fill="{TONE}"/>'
        f'<rect x="{280 - s}" y="{y}" width="{s}" height="14" rx="7" fill="{TONE}"/>'
        for y, w, s in ((50, 120, 56), (90, 150, 44), (130, 90, 64))
    )
    slip = (
        f'<g transform="translate(730 130) rotate(5)"><path fill="{BOTH}" d="M-40-10h360v350{"l-20 16l-20-16" * 9}z"/>'
        f'{lines}<rect x="0" y="186" width="280" height="4" fill="{TONE}"/>'
        f'<rect x="0" y="236" width="110" height="26" rx="13" fill="{GROUND}"/>'
        f'<rect x="160" y="222" width="120" height="54" rx="27" fill="{GROUND}"/>'
        f'<path stroke="{WHITE}" stroke-width="9" stroke-linecap="round" d="M192 249h36M210 231v36"/></g>'
    )
    ground = f'<rect width="1200" height="630" fill="{GROUND}"/>'
    wave = f'<path fill="{TONE}" d="M0 470C260 330 420 610 690 520S1050 380 1200 430V630H0z"/>'
    return _svg(f'{ground}{wave}<g transform="translate(350 300) scale(4.6)">{_drop(1)}</g>{slip}', box="0 0 1200 630")


def _shot(browser: Browser, size: tuple[int, int], svg: str) -> Image.Image:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.set_content(f"<style>*{{margin:0}}body{{background:#000}}svg{{display:block;width:100vw}}</style>{svg}")
    picture = Image.open(BytesIO(page.screenshot(type="png"))).convert("RGB")
    page.close()
    return picture


def _write(browser: Browser, name: str, size: int | tuple[int, int], svg: str) -> None:
    sides = size if isinstance(size, tuple) else (size, size)
    picture = Image.new("P", sides)
    shot = _shot(browser, sides, svg)
    picture.putdata([_index(*pixel) for pixel in shot.get_flattened_data()])
    picture.putpalette(palette(265))
    see_through = {"transparency": transparency()} if picture.getextrema()[1] > 127 else {}
    picture.save(FOLDER / f"{name}.png", optimize=True, **see_through)


def _index(white: int, tone: int, solid: int) -> int:
    if solid >= 248:
        return (round(tone / 255 * 7) << 4) + round(white / 255 * 15)
    shade = round(tone / solid * 7) if solid else 0
    return 128 + (min(shade, 7) << 4) + round(solid / 255 * 15)


def _write_mask(browser: Browser, name: str, size: int, svg: str) -> None:
    """Write white ink alone, as see-through as the system wants it."""
    shot = _shot(browser, (size, size), _svg(svg)).getchannel("R")
    Image.merge("LA", (Image.new("L", shot.size, 255), shot)).save(FOLDER / f"{name}.png", optimize=True)
