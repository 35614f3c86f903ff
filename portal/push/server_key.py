"""The shop's key as the libraries take it, and its public half, which browsers are given when they subscribe."""

from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from portal.vapid import base64url, read_private_key


@lru_cache(maxsize=4)
def application_server_key(private_key: str) -> str:
    """Return the uncompressed point in base64url (RFC 8292 §3.2)."""
    point = derived(private_key).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64url(point)


def derived(private_key: str) -> ec.EllipticCurvePrivateKey:
    """Return the key that the setting holds."""
    return ec.derive_private_key(read_private_key(private_key), ec.SECP256R1())
