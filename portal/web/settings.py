"""The settings and the visitor's address, where pages need them."""

from dataclasses import replace

from flask import current_app, request

from portal.config import Settings
from portal.members.terms import CODE_TERMS, CodeTerms


def settings() -> Settings:
    return current_app.extensions["settings"]


def code_terms() -> CodeTerms:
    """Return how codes are given out here: to phones of the countries this shop serves."""
    return replace(CODE_TERMS, prefixes=settings().phone_prefixes)


def address() -> str:
    """Return where the request comes from, as trusted proxies tell it; only hashes of it are kept."""
    return request.remote_addr or "0.0.0.0"  # noqa: S104 - a name for "unknown", nothing listens
