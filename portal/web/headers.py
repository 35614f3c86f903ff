"""What every answer tells the browser it may do: nothing that is not ours, nothing inline, no eval (security.md)."""

from collections.abc import Iterable, Mapping
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}

SCANNER_POLICY = POLICY | {"script-src": "'self' 'wasm-unsafe-eval'"}
"""For pages of the till with the camera alone: the reader of codes is WebAssembly."""


def policy_text(policy: Mapping[str, str]) -> str:
    return "; ".join(f"{directive} {sources}" for directive, sources in policy.items())


CSP = policy_text(POLICY)

HEADERS = {
    "Content-Security-Policy": CSP,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), screen-wake-lock=(self), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
PRIVATE = "no-store"
TWO_YEARS = "max-age=63072000; includeSubDomains"


def headers_of_files(*, https: bool) -> dict[str, str]:
    """Return what static files say too; of a policy each worker among them would have to have its own."""
    transport = {"Strict-Transport-Security": TWO_YEARS} if https else {}
    return {"X-Content-Type-Options": HEADERS["X-Content-Type-Options"], **transport}


def send_security_headers(app: Flask, *, https: bool) -> None:
    """Add the headers to every answer. What says nothing about caching is private and never stored."""
    pairs = {**HEADERS, **headers_of_files(https=https), "Cache-Control": PRIVATE}
    app.wsgi_app = _Adding(app.wsgi_app, pairs)  # pyrefly: ignore [method-assign]


class _Adding:
    """WSGI middleware: every answer gets the headers that it does not set by itself."""

    def __init__(self, app: WSGIApplication, pairs: dict[str, str]) -> None:
        self._app = app
        self._pairs = [(name.lower(), (name, value)) for name, value in pairs.items()]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *trouble: Any) -> Any:
            said = {name.lower() for name, _ in headers}
            missing = [pair for lowered, pair in self._pairs if lowered not in said]
            return start_response(status, headers + missing, *trouble)

        return self._app(environ, start)
