"""The rotating code on a member's phone: 26 digits that prove the phone is here now (pwa.md §2).

`1`, the card number (10), the window modulo 1000 (3), a MAC (12). A window is 30 seconds since 1970. The MAC is
HMAC-SHA256 of the text "card number:window" with the device's key, read as one big-endian number, modulo 10^12.
Only a fresh code may spend. An old but genuine one still says whose card it is, as the printed number does.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from portal.members.card_numbers import LENGTH, check_digit

WINDOW_SECONDS = 30
TOLERANCE = 1
CODE_LENGTH = 26
MAX_BAD_MACS = 10
REMEMBERED = timedelta(minutes=5)

_VERSION = "1"
_WINDOWS = 1000
_MACS = 10**12

Proof = Literal["fresh", "expired", "used", "locked", "forged"]


@dataclass(frozen=True, slots=True)
class RotatingCode:
    """The parts of a code that was read; nothing is proved yet."""

    card_number: str
    window_rest: int
    mac: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """A phone that may draw the code, and what its last accepted code was used for."""

    id: str
    key: bytes = field(repr=False)
    last_window: int | None = None
    last_shown_at: datetime | None = None
    last_shown_to: str | None = None
    last_shown_under: str | None = None
    spent_for: str | None = None
    bad_macs: int = 0

    @property
    def locked(self) -> bool:
        """Too many codes were forged: whatever is drawn with this key only earns until another one is made."""
        return self.bad_macs >= MAX_BAD_MACS


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a code proves. `device_id` and `window` are known when the MAC is genuine."""

    proof: Proof
    device_id: str | None = None
    window: int | None = None

    @property
    def verified(self) -> Literal["rotating", "static"] | None:
        """`rotating` may spend, `static` may only earn, None is a code nobody's phone has drawn."""
        if self.proof == "fresh":
            return "rotating"
        return None if self.proof == "forged" else "static"


def window_at(moment: datetime) -> int:
    """Return the number of the 30-second window a moment lies in."""
    return int(moment.timestamp()) // WINDOW_SECONDS


def draw_code(card_number: str, *, key: bytes, window: int) -> str:
    """Return the 26 digits a phone shows in a window."""
    return f"{_VERSION}{card_number}{window % _WINDOWS:03d}{_mac(card_number, key=key, window=window)}"


def drawn_now(digits: str, *, card_number: str, device: DeviceKey, now: datetime) -> bool:
    """Tell whether a phone draws these digits at the moment; a locked one draws nothing that counts."""
    windows = range(window_at(now) - TOLERANCE, window_at(now) + TOLERANCE + 1)
    drawn = [draw_code(card_number, key=device.key, window=window) for window in windows]
    return not device.locked and any(hmac.compare_digest(digits.encode(), each.encode()) for each in drawn)


def read_rotating_code(digits: str) -> RotatingCode | None:
    """Return the parts of 26 digits, or None when they cannot be a code of ours."""
    card_number, rest = digits[1 : 1 + LENGTH], digits[1 + LENGTH :]
    if len(digits) != CODE_LENGTH or digits[0] != _VERSION or check_digit(card_number) != "0":
        return None
    return RotatingCode(card_number=card_number, window_rest=int(rest[:3]), mac=rest[3:])


def judge(
    code: RotatingCode,
    *,
    devices: Sequence[DeviceKey],
    now: datetime,
    shown_at: datetime,
    shown_to: str,
    shown_under: str | None = None,
    spend_for: str | None = None,
) -> Verdict:
    """Tell what a code proves about the member whose devices these are.

    `shown_at` is when the till says it was scanned: its window is the one nearest to that, so codes of an offline till
    are recognised hours later, and `now` alone decides whether it is fresh. A code seen by a till (`shown_to`) stays
    fresh for that till for five minutes, from the scan to the payment, and pays for one receipt (`spend_for`). It is
    scanned once: `shown_under` names a scan, and only the same scan told again finds the code fresh again; "" is one
    without a name, which is never told again.
    """
    window = _nearest(code.window_rest, window_at(shown_at))
    unlocked = [device for device in devices if not device.locked]
    device = next((device for device in unlocked if _genuine(code, key=device.key, window=window)), None)
    if device is None:
        return Verdict(proof="locked" if devices and not unlocked else "forged")
    if device.last_window is not None and window <= device.last_window:
        same_scan = shown_under is None or shown_under == device.last_shown_under != ""
        remembered = window == device.last_window and same_scan and _remembered(device, now=now, shown_to=shown_to)
        proof: Proof = "fresh" if remembered and device.spent_for in {None, spend_for} else "used"
    else:
        proof = "fresh" if abs(window - window_at(now)) <= TOLERANCE else "expired"
    return Verdict(proof=proof, device_id=device.id, window=window)


def _remembered(device: DeviceKey, *, now: datetime, shown_to: str) -> bool:
    shown_at = device.last_shown_at
    return device.last_shown_to == shown_to and shown_at is not None and now - shown_at <= REMEMBERED


def _nearest(rest: int, window: int) -> int:
    return window + (rest - window + _WINDOWS // 2) % _WINDOWS - _WINDOWS // 2


def _genuine(code: RotatingCode, *, key: bytes, window: int) -> bool:
    return hmac.compare_digest(code.mac, _mac(code.card_number, key=key, window=window))


def _mac(card_number: str, *, key: bytes, window: int) -> str:
    digest = hmac.digest(key, f"{card_number}:{window}".encode(), "sha256")
    return f"{int.from_bytes(digest, 'big') % _MACS:012d}"
