"""P9: a card's code as SVG against the library's own SVG writer on the same digits: `python benchmarks/p09_qr.py`."""

import random

import qrcode
from measure import compare, rate
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.image.svg import SvgPathImage

from portal.web.qr import card_svg

CODES = [f"{random.Random(seed).randrange(10**26):026d}" for seed in range(200)]


def ours() -> int:
    for digits in CODES:
        card_svg(digits, label="Card")
    return len(CODES)


def theirs() -> int:
    for digits in CODES:
        code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q)
        code.add_data(digits)
        code.make_image(image_factory=SvgPathImage).to_string()
    return len(CODES)


if __name__ == "__main__":
    compare("P9 QR as SVG", lambda: rate(ours), lambda: rate(theirs))
