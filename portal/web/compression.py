"""Pages and answers compressed on their way out; static files were compressed at the start."""

import gzip

from flask import Flask, Response, request

WORTH_BYTES = 1024
KINDS = {"text/html", "application/json", "application/problem+json", "application/manifest+json"}


def register(app: Flask) -> None:
    """Compress with gzip at its fastest where the browser takes it.

    No page holds a secret beside text that an attacker can put there (our forms have no tokens), so its length tells
    nothing.
    """
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.mimetype not in KINDS or response.is_streamed:
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] and "Content-Encoding" not in response.headers:
        plain = response.get_data()
        if len(plain) >= WORTH_BYTES:
            response.set_data(gzip.compress(plain, compresslevel=1, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
    return response
