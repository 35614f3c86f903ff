"""The card's code can be read back, and is the smallest there is."""

import random
import re

import pytest
import zxingcpp
from markupsafe import Markup

from portal.web.qr import card_svg

RUN = re.compile(r"M(\d+) (\d+)h(\d+)v1h-\3z")


def painted(svg: str, *, scale: int = 8) -> memoryview:
    """Paint the path as a browser would, black on white."""
    side = int(re.search(r'viewBox="0 0 (\d+)', svg)[1]) * scale
    image = bytearray(b"\xff" * side * side)
    for x, y, width in (map(int, run) for run in RUN.findall(svg)):
        for row in range(y * scale, (y + 1) * scale):
            start = row * side + x * scale
            image[start : start + width * scale] = bytes(width * scale)
    return memoryview(image).cast("B", (side, side))


@pytest.mark.parametrize("seed", range(25))
def test_the_code_reads_as_its_digits(seed: int) -> None:
    digits = f"{random.Random(seed).randrange(10**26):026d}"
    found = zxingcpp.read_barcodes(painted(card_svg(digits, label="Card")))
    assert [code.text for code in found] == [digits]


def test_26_digits_make_21_modules_with_a_quiet_zone_of_four() -> None:
    assert 'viewBox="0 0 29 29"' in card_svg("1" * 26, label="Card")


def test_the_label_cannot_break_out() -> None:
    svg = card_svg("1" * 26, label='"><script>')
    assert isinstance(svg, Markup)
    assert "<script>" not in svg


def test_the_drawing_stays_small() -> None:
    assert len(card_svg("14821093375582133774410928", label="Card")) < 2_000
