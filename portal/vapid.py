"""Who we are to push services: a private key for ever, and a contact (VAPID, RFC 8292).

Only what settings need: keys are 32 bytes in base64url, as every push library writes them.
"""

import base64
import binascii
import ipaddress
import re
import secrets
from urllib.parse import urlsplit

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the curve P-256 (SEC 2)
_RESERVED = ("localhost", "local", "invalid", "test", "example", "internal", "lan", "home", "corp", "arpa")
_SAMPLES = ("example.com", "example.net", "example.org")
DEMO_CONTACT = "mailto:demo@example.org"
"""What a demo says where a shop says how to reach it; Google and Mozilla take it, Apple may not."""


def make_private_key() -> str:
    """Make the private key of a shop, as the setting holds it."""
    return base64url((secrets.randbelow(_ORDER - 1) + 1).to_bytes(32, "big"))


def base64url(raw: bytes) -> str:
    """Return bytes as text in the form that all of web push writes them in: base64url without padding (RFC 7515)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def read_private_key(told: str) -> int:
    """Return the number a private key stands for. Raises ValueError in words for the operator."""
    try:
        raw = base64.b64decode(told + "=" * (-len(told) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    number = int.from_bytes(raw, "big")
    if len(raw) != 32 or not 0 < number < _ORDER:
        raise ValueError("this is no push key; 'portal push-keys' makes one")
    return number


def check_contact(told: str) -> str:
    """Return the contact if push services can take it. Raises ValueError in words for the operator.

    Apple answers every note with 403 where the address stands at no public host (web-push issue 947).
    """
    address = re.fullmatch(r"mailto:[^@\s,<>]+@([^@\s/:]+)", told)
    host = address[1] if address else urlsplit(told).hostname if told.startswith("https://") else None
    if not host or not _is_public_name(host.lower().rstrip(".")):
        raise ValueError("give a mailto: or https: address at a real host, as mailto:it@your-shop.com")
    return told


def _is_public_name(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        labels = host.split(".")
        reserved = labels[-1] in _RESERVED or any(host == name or host.endswith(f".{name}") for name in _SAMPLES)
        return len(labels) > 1 and all(labels) and not reserved
    return False
