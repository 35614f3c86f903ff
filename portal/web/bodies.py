"""Bodies of requests: read before the request takes a turn of the gate, and never more than is allowed.

A sender who dribbles then holds a thread and not the turn that everybody waits for. A body of unknown length gets one,
so that it is neither taken for an empty one nor read without end.
"""

from collections.abc import Iterable
from io import BytesIO
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

MOST_BYTES = 256 * 1024


class BodyFirst:
    """WSGI middleware: the application gets the whole body at once; a longer one is left to be refused with 413."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH", "")
        if environ.pop("HTTP_TRANSFER_ENCODING", "").lower() == "chunked":
            body = _read(environ, MOST_BYTES + 1)
            environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        elif length.isdecimal() and 0 < int(length) <= MOST_BYTES:
            environ["wsgi.input"] = BytesIO(_read(environ, int(length)))
        return self._app(environ, start_response)


def _read(environ: WSGIEnvironment, most: int) -> bytes:
    body = bytearray()
    while len(body) < most and (part := environ["wsgi.input"].read(most - len(body))):
        body += part
    return bytes(body)
