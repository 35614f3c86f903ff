"""Notes are sealed for one browser (RFC 8291) and say who sends them (RFC 8292). Alone here `webpush` is known.

Two of its traps are walked around (dependencies.md): a time to live given to one message sticks to the next, so it is
never given; the audience loses the port, so the header is our own, signed once for each service and half a day.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from webpush import WebPush
from webpush.types import WebPushKeys, WebPushSubscription
from webpush.vapid import VAPID

from portal.push.browser import Keys
from portal.push.server_key import derived

_SIGNED_FOR = timedelta(hours=12)  # services take up to 24 h
_SIGNED_ANEW = timedelta(hours=1)  # before that ends


@dataclass(frozen=True, slots=True)
class Sealed:
    """What goes over the wire for one browser."""

    body: bytes = field(repr=False)
    authorization: str = field(repr=False)


class Sealer:
    """Seals with the key of the shop; one for a process, and for one thread."""

    def __init__(self, private_key: str, *, contact: str, clock: Callable[[], datetime]) -> None:
        private, public = _pems(private_key)
        self._webpush = WebPush(
            private_key=private, public_key=public, subscriber=contact, expiration=int(_SIGNED_FOR.total_seconds())
        )
        self._webpush.vapid = _Signatures(private, public, clock=clock)

    def seal(self, text: bytes, keys: Keys) -> Sealed:
        """Seal a text for a browser whose keys were read by `read_subscription`: they are not looked at again."""
        read = WebPushKeys.model_construct(p256dh=keys.p256dh, auth=keys.auth)
        message = self._webpush.get(text, WebPushSubscription.model_construct(endpoint=keys.endpoint, keys=read))
        return Sealed(body=message.encrypted, authorization=message.headers["authorization"])


class _Signatures(VAPID):
    """Keeps the header of each service until shortly before its end: signing costs as much as sealing."""

    def __init__(self, private_key: bytes, public_key: bytes, *, clock: Callable[[], datetime]) -> None:
        super().__init__(private_key=private_key, public_key=public_key)
        self._clock = clock
        self._kept: dict[str, tuple[datetime, str]] = {}
        self._public = self.get_application_server_key(self.public_key)

    def get_authorization_header(self, endpoint: Any, subscriber: str, expiration: int) -> str:
        origin, now = "/".join(str(endpoint).split("/", 3)[:3]), self._clock()
        ends_at, header = self._kept.get(origin, (now, ""))
        if ends_at - now <= _SIGNED_ANEW:
            ends_at = now + timedelta(seconds=expiration)
            claims = {"aud": origin, "exp": int(ends_at.timestamp()), "sub": subscriber}
            token = jwt.encode(claims, self.private_key, algorithm="ES256")
            header = f"vapid t={token}, k={self._public}"
            self._kept[origin] = (ends_at, header)
        return header


def _pems(private_key: str) -> tuple[bytes, bytes]:
    key = derived(private_key)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
