"""Pages and answers compressed on their way out; static files were compressed at the start."""

import gzip
from functools import lru_cache

from flask import Flask, Response
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from portal.web.here import asked
from portal.web.plain import differs_by

WORTH_BYTES = 1024
KINDS = {"text/html", "application/json", "application/problem+json", "application/manifest+json"}


def register(app: Flask) -> None:
    """Compress with gzip at its fastest where the browser takes it.

    No page holds a secret beside text that an attacker can put there (our forms have no tokens), so its length tells
    nothing.
    """
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    headers = response.headers
    if headers.get("Content-Type", "").partition(";")[0] not in KINDS or response.is_streamed:
        return response
    differs_by(response, "Accept-Encoding")
    if _takes_gzip(asked().environ.get("HTTP_ACCEPT_ENCODING", "")) and "Content-Encoding" not in headers:
        plain = response.get_data()
        if len(plain) >= WORTH_BYTES:
            response.set_data(gzip.compress(plain, compresslevel=1, mtime=0))
            headers["Content-Encoding"] = "gzip"
    return response


@lru_cache(maxsize=256)
def _takes_gzip(accepted: str) -> bool:
    """Read an Accept-Encoding header; browsers send a handful of them for ever."""
    return bool(parse_accept_header(accepted, Accept)["gzip"])
