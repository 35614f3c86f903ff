"""The request that is being answered."""

from typing import Any

from flask import Request, request


def asked() -> Request:
    """Return the request itself: a look at it through Flask's proxy costs ten times as much."""
    proxy: Any = request
    return proxy._get_current_object()  # noqa: SLF001 - werkzeug's own way past a proxy
