"""The public half of the shop's key, which browsers are given when they subscribe."""

import base64
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from portal.vapid import read_private_key


@lru_cache(maxsize=4)
def application_server_key(private_key: str) -> str:
    """Return the uncompressed point in base64url (RFC 8292 §3.2)."""
    public = ec.derive_private_key(read_private_key(private_key), ec.SECP256R1()).public_key()
    point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()
