"""What every answer tells the browser it may do: nothing that is not ours, nothing inline, no eval (security.md)."""

from collections.abc import Callable

from flask import Flask, Response

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
CSP = "; ".join(f"{directive} {sources}" for directive, sources in POLICY.items())

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


def send_security_headers(app: Flask, *, https: bool) -> None:
    """Add the headers to every answer. What says nothing about caching is private and never stored."""
    extra = {"Strict-Transport-Security": TWO_YEARS} if https else {}
    app.after_request(_adding([*HEADERS.items(), *extra.items(), ("Cache-Control", PRIVATE)]))


def _adding(pairs: list[tuple[str, str]]) -> Callable[[Response], Response]:
    def add(answer: Response) -> Response:
        headers = answer.headers
        for name, value in pairs:
            if name not in headers:
                headers.add(name, value)
        return answer

    return add
