"""What the till's pages weigh on the way (pwa.md §7): page, styles and scripts, packed, with all that they load."""

import gzip
import re
from pathlib import Path

import pytest

from portal.config import ROOT
from tests.pages import Page
from tests.till.shop import Till

STATIC = ROOT / "static"
HTML, CSS, JS, READER = 14_000, 20_000, 50_000, 456_000
IMPORTED = re.compile(r"""(?:from|import\(?|new URL\()\s*["'](\.[^"']+\.js)["']""")


def scan(till: Till) -> Page:
    return till.pages.get("/till")


def sale(till: Till) -> Page:
    return till.scan(till.card())  # earns only, and so has the camera too


def worked_out(till: Till) -> Page:
    return till.quote(till.code(), points="120")


def recorded(till: Till) -> Page:
    return till.sell(till.code(), points="120")


@pytest.mark.parametrize("page_of", [scan, sale, worked_out, recorded])
def test_a_page_of_the_till_is_light(till: Till, page_of):
    page = page_of(till)
    assert packed(page.answer.data) < HTML
    assert sum(packed(till.pages.client.get(sheet).data) for sheet in sheets(page)) < CSS
    assert sum(packed(script.read_bytes()) for script in scripts(page)) < JS


def test_the_reader_of_codes_is_within_its_budget_and_no_page_loads_it_early(till: Till):
    reader = STATIC / "vendor/zxing-wasm-3.1.3/zxing_reader.wasm"
    assert packed(reader.read_bytes()) <= READER  # 357 kB on the way, by brotli, which takes seconds to try
    page = scan(till)
    assert reader.name not in page.answer.text
    assert not page.find_all("link", rel="preload") + page.find_all("link", rel="modulepreload")


def test_a_member_loads_no_style_of_the_till(till: Till):
    assert not [sheet for sheet in sheets(till.pages.get("/")) if "/till." in sheet]
    assert b".till-" not in till.pages.client.get(sheets(till.pages.get("/"))[0]).data


def packed(body: bytes) -> int:
    return len(gzip.compress(body))


def sheets(page: Page) -> list[str]:
    return [str(link.get("href")) for link in page.find_all("link", rel="stylesheet")]


def scripts(page: Page) -> set[Path]:
    """Return the files of a page's scripts and of everything that they import, at once or later."""
    todo = [STATIC / str(script.get("src")).split("/", 3)[3] for script in page.find_all("script")]
    found: set[Path] = set()
    while todo:
        script = todo.pop().resolve()
        if script not in found:
            found.add(script)
            todo += [script.parent / name for name in IMPORTED.findall(script.read_text("utf-8"))]
    return found
