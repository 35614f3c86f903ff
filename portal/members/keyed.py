"""Hashes that cannot be guessed from a stolen database, because the key is not in it."""

import hashlib
import hmac
import secrets


def keyed_hash(secret: str, *parts: str) -> str:
    """Return HMAC-SHA256 in hex. The first part says what is hashed, so that equal texts of two kinds differ."""
    message = "\x1f".join(parts)
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()


def new_token() -> str:
    """Return 256 random bits as text for a cookie."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is kept of a random token. It has 256 bits, so a plain hash says nothing about it."""
    return hashlib.sha256(token.encode()).hexdigest()
