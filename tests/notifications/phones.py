"""Phones of members that take notes."""

import base64
import secrets
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import Engine

from portal.db import transaction
from portal.members import operations as members
from portal.push import operations as push
from portal.push.browser import Keys

CHROME = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/150.0.0.0 Mobile Safari/537.36"


def subscribe(engine: Engine, member_id: str, *, now: datetime) -> str:
    """Let a phone of a member take notes, and return its sign-in."""
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    keys = Keys(endpoint=f"https://fcm.googleapis.com/{secrets.token_hex(8)}", p256dh=_b64(point), auth=_b64(b"0" * 16))
    with transaction(engine, writes=True) as session:
        signed_in = members.open_session(session, member_id, user_agent=CHROME, now=now).id
        push.subscribe(session, member_id, keys, session_id=signed_in, now=now)
    return signed_in


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
