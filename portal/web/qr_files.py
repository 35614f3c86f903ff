"""A QR code as a file to print: SVG in black, or PNG with whole pixels for each module at 300 dots to the inch."""

import struct
import zlib
from collections.abc import Iterator

from portal.web.png import png_of
from portal.web.qr import QUIET, Matrix, matrix_of, runs_of

DOTS_PER_METRE = 11_811  # 300 dpi


def svg_file(text: str, *, title: str) -> bytes:
    """Draw the code without a unit: it is printed as large as it is placed; 2 cm is the least that phones read."""
    matrix = matrix_of(text)
    side, path = len(matrix) + 2 * QUIET, "".join(runs_of(matrix))
    escaped = title.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<title>{escaped}</title><path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path d="{path}"/></svg>\n'
    ).encode()


def png_file(text: str, *, pixels: int) -> bytes:
    """Draw the code in one bit a pixel, at least so many pixels wide."""
    matrix = matrix_of(text)
    scale = -(-pixels // (len(matrix) + 2 * QUIET))
    side = (len(matrix) + 2 * QUIET) * scale
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    dots = struct.pack(">IIB", DOTS_PER_METRE, DOTS_PER_METRE, 1)
    image = zlib.compress(b"".join(_scanlines(matrix, scale)), 9)
    return png_of([(b"IHDR", header), (b"pHYs", dots), (b"IDAT", image), (b"IEND", b"")])


def _scanlines(matrix: Matrix, scale: int) -> Iterator[bytes]:
    """Yield rows of bits, 1 for white, each after a byte that says it is not filtered."""
    width = len(matrix) + 2 * QUIET
    edge = [False] * QUIET
    empty = [False] * width
    rows = [empty] * QUIET + [[*edge, *(bool(dark) for dark in row), *edge] for row in matrix] + [empty] * QUIET
    for row in rows:
        bits = "".join(("0" if dark else "1") * scale for dark in row)
        bits += "1" * (-len(bits) % 8)
        line = b"\0" + int(bits, 2).to_bytes(len(bits) // 8, "big")
        for _ in range(scale):
            yield line
