"""Ids of rows: opaque to people, ordered by time for the database."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32, lower case: no i, l, o, u
_PLAIN = str.maketrans(_ALPHABET, "0123456789abcdefghijklmnopqrstuv")  # as `int` reads base 32
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_RANDOM_BITS = 80
LENGTH = 26


def new_id(now: datetime) -> str:
    """Return a 26-character id: 48 bits of milliseconds, then 80 random bits (the ULID form, lower case).

    Ids made later sort later, so that indices of append-only tables grow at their end.
    """
    return _spelt(now, secrets.randbits(_RANDOM_BITS))


def id_of(name: str, *, at: datetime) -> str:
    """Return the one id of what a name and an instant stand for: of two that write it the second finds it taken."""
    digest = hashlib.blake2b(name.encode(), digest_size=_RANDOM_BITS // 8).digest()
    return _spelt(at, int.from_bytes(digest))


def _spelt(at: datetime, rest: int) -> str:
    number = int(at.timestamp() * 1000) << _RANDOM_BITS | rest
    return "".join([_PAIRS[number >> shift & 1023] for shift in range(120, -1, -10)])


def made_at(identifier: str) -> datetime:
    """Return the instant an id was made for, down to the millisecond. The id `is_id`."""
    number = int(identifier.translate(_PLAIN), 32)
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=number >> _RANDOM_BITS)


def is_id(text: str) -> bool:
    """Tell whether a text from outside has the form of an id, before it reaches the database."""
    return len(text) == LENGTH and all(letter in _ALPHABET for letter in text)
