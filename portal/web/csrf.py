"""Forged requests are refused by where the browser says they come from, without tokens.

Browsers send `Sec-Fetch-Site` (all that can install the portal); older ones send `Origin`. A request that says neither
is no form of ours. Exempt is what a foreign page cannot call for anybody else: the API needs a key, and ending news by
e-mail the signed address that only the letter has; mail programs post to it (RFC 8058).
"""

from urllib.parse import urlsplit

from flask import Flask, abort, request

from portal.web.transactions import SAFE

EXEMPT = ("/api/", "/unsubscribe/")


def refuse_forgeries(app: Flask) -> None:
    app.before_request(_check_origin)


def _check_origin() -> None:
    if request.method in SAFE or request.path.startswith(EXEMPT):
        return
    if not comes_from_us(
        request.headers.get("Sec-Fetch-Site"), origin=request.headers.get("Origin"), host=request.host
    ):
        abort(403)


def comes_from_us(site: str | None, *, origin: str | None, host: str) -> bool:
    """Tell whether a request was made by a page of ours or by the member's own hand (`none`)."""
    if site is not None:
        return site in {"same-origin", "none"}
    return origin is not None and urlsplit(origin).netloc == host
