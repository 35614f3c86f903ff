"""What a browser gives us so that we can send it notes, read strictly: everything in it came from outside."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from portal.errors import Refused
from portal.push.endpoints import read_endpoint
from portal.vapid import base64url


class NotASubscription(Refused):
    code = "not-a-subscription"
    text = "This browser gave nothing that notes could be sent by."


class UnknownPushService(Refused):
    code = "unknown-push-service"
    text = "This shop sends no notes through the push service of this browser."


@dataclass(frozen=True, slots=True)
class Keys:
    """Where a browser is reached and what it reads by: a point of P-256 and a secret, both in base64url."""

    endpoint: str = field(repr=False)
    p256dh: str
    auth: str = field(repr=False)


def read_subscription(document: object, *, services: Iterable[str]) -> Keys:
    """Read a subscription as browsers write it (`PushSubscription.toJSON`); other members are ignored.

    Raises `NotASubscription` and `UnknownPushService`.
    """
    told: Any = document if isinstance(document, Mapping) else {}
    keys: Any = told.get("keys") if isinstance(told.get("keys"), Mapping) else {}
    endpoint, p256dh, auth = told.get("endpoint"), _raw(keys.get("p256dh")), _raw(keys.get("auth"))
    if not isinstance(endpoint, str) or len(auth) != 16 or not _is_point(p256dh):
        raise NotASubscription
    if read_endpoint(endpoint, services=services) is None:
        raise UnknownPushService
    return Keys(endpoint=endpoint.replace(":443/", "/", 1), p256dh=base64url(p256dh), auth=base64url(auth))


def _raw(told: object) -> bytes:
    if not isinstance(told, str) or len(told) > 100:
        return b""
    plain = told.rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""


def _is_point(raw: bytes) -> bool:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    except ValueError:
        return False
    return len(raw) == 65
