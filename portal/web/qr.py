"""A QR code as SVG, drawn from the matrix: runs merged into one path, quiet zone 4, no units (pwa.md §2)."""

from collections.abc import Iterator, Sequence
from itertools import groupby

import qrcode
from markupsafe import Markup, escape
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.util import lost_point

QUIET = 4
MASKS = (0, 6, 4, 2, 7, 1, 3, 5)  # those with the smallest penalties for digits come first
EVEN_ENOUGH = 410

Matrix = Sequence[Sequence[bool | None]]


def card_svg(text: str, *, label: str) -> Markup:
    """Draw a card's digits: 26 of them make the smallest code there is, 21 modules at level Q.

    The colour is from the stylesheet; `label` is what a screen reader says.
    """
    matrix = matrix_of(text)
    side = len(matrix) + 2 * QUIET
    path = "".join(runs_of(matrix))
    return Markup(  # noqa: S704 - our own digits, and the label is escaped
        f'<svg class="scan-code" viewBox="0 0 {side} {side}" role="img" aria-label="{escape(label)}" '
        f'shape-rendering="crispEdges"><path d="{path}"/></svg>'
    )


def matrix_of(text: str) -> Matrix:
    """Lay the code out with the first mask that looks even enough: any mask reads, trying all eight takes long.

    The library's penalty of the best mask lies between 250 and 410 for a card's code, that of a random one around 430.
    """
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, border=0)
    code.add_data(text, optimize=0)
    for mask in MASKS:
        code.mask_pattern = mask
        code.make()
        if lost_point(code.modules) <= EVEN_ENOUGH:
            break
    return code.modules


def runs_of(matrix: Matrix) -> Iterator[str]:
    """Yield a box of the path for each run of dark modules; boxes share edges, so that no seam shows."""
    for y, row in enumerate(matrix):
        x = QUIET
        for dark, run in groupby(row):
            width = len(list(run))
            if dark:
                yield f"M{x} {y + QUIET}h{width}v1h-{width}z"
            x += width
