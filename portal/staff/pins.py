"""PINs: short, so they are hashed slowly, tried a few times and good only on a till's own device."""

import hashlib
import hmac
import secrets
from datetime import timedelta

from portal.errors import Refused

SHORTEST, LONGEST = 4, 12
TRIES = 5
FIRST_LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(hours=24)

COST, BLOCK, LANES = 2**14, 8, 1  # scrypt with 16 MB; about 40 ms
_RISING = "01234567890123456789"


class WeakPin(Refused):
    code = "weak-pin"
    text = "Choose a PIN of 4 to 12 digits that is neither one digit over and over nor digits in a row."


def hash_pin(pin: str) -> str:
    """Return scrypt's parameters, salt and hash in one text. Raises `WeakPin`."""
    if not (SHORTEST <= len(pin) <= LONGEST and pin.isascii() and pin.isdigit()):
        raise WeakPin
    if len(set(pin)) == 1 or pin in _RISING or pin[::-1] in _RISING:
        raise WeakPin
    salt = secrets.token_bytes(16)
    return f"scrypt:{COST}:{BLOCK}:{LANES}${salt.hex()}${_scrypt(pin, salt, COST, BLOCK, LANES)}"


def pin_matches(pin: str, kept: str) -> bool:
    """Tell whether a PIN is the one whose hash is kept; takes the same time when it is not."""
    how, salt, digest = kept.split("$")
    cost, block, lanes = map(int, how.split(":")[1:])
    return hmac.compare_digest(digest, _scrypt(pin[: 4 * LONGEST], bytes.fromhex(salt), cost, block, lanes))


def lock_after(failures: int) -> timedelta | None:
    """Return how long a PIN is locked after so many failures in a row: every fifth locks, twice as long each time."""
    if not failures or failures % TRIES:
        return None
    return min(FIRST_LOCK * 2 ** min(failures // TRIES - 1, 10), LONGEST_LOCK)


def _scrypt(pin: str, salt: bytes, cost: int, block: int, lanes: int) -> str:
    return hashlib.scrypt(pin.encode(), salt=salt, n=cost, r=block, p=lanes, dklen=32).hex()
