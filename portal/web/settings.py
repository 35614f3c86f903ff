"""The settings and the visitor's address, where pages need them."""

from flask import current_app, request

from portal.config import Settings


def settings() -> Settings:
    return current_app.extensions["settings"]


def address() -> str:
    """Return where the request comes from, as trusted proxies tell it; only hashes of it are kept."""
    return request.remote_addr or "0.0.0.0"  # noqa: S104 - a name for "unknown", nothing listens
