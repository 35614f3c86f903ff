"""A short film for a browser's camera: a phone that shows one code after another, as pictures in a row."""

from collections.abc import Sequence
from pathlib import Path

import qrcode
from PIL import Image

WIDE, HIGH = 640, 480
SHOWN, BETWEEN = 20, 5  # pictures; the browser plays ten or more in a second, over and over


def make_film(path: Path, codes: Sequence[str]) -> Path:
    """Write the film as motion JPEG, which Chromium takes for a camera."""
    with path.open("wb") as film:
        for code in codes:
            for picture in [_counter()] * BETWEEN + [draw_phone(code)] * SHOWN:
                picture.save(film, "JPEG", quality=90)
    return path


def _counter() -> Image.Image:
    return Image.new("RGB", (WIDE, HIGH), (96, 104, 110))


def draw_phone(code: str) -> Image.Image:
    drawn = qrcode.QRCode(border=4, box_size=8)
    drawn.add_data(code)
    phone = drawn.make_image().get_image().convert("RGB").rotate(5, expand=True, fillcolor=(30, 30, 30))
    picture = _counter()
    picture.paste(phone, ((WIDE - phone.width) // 2, (HIGH - phone.height) // 2))
    return picture
