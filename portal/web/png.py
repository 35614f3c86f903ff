"""The parts a PNG file is made of: enough to put other colours into ours and to write a code for print."""

import struct
import zlib
from collections.abc import Iterable, Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"

Part = tuple[bytes, bytes]
"""The kind of a part, as `IDAT`, and its body."""


def png_of(parts: Iterable[Part]) -> bytes:
    """Put parts together to a file, each with its length and its sum."""
    return SIGNATURE + b"".join(_framed(kind, body) for kind, body in parts)


def parts_of(png: bytes) -> Iterator[Part]:
    """Take a file apart."""
    at = len(SIGNATURE)
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        yield kind, png[at + 8 : at + 8 + length]
        at += 12 + length


def _framed(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
