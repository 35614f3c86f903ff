"""Random secrets: what is given out once, and the hash that is kept."""

import hashlib
import secrets

from portal.errors import Refused

KEY_MARK = "regulars_"
"""API keys begin so, that scanners of leaked secrets can know them."""

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 signs without look-alikes
_CODE_LENGTH = 12
_GROUP = 4


class EnrolCodeWrong(Refused):
    code = "enrol-code-wrong"
    text = "This code does not let a till in. Ask a manager for a new one."


def new_token() -> str:
    """Return 256 random bits as text."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is kept of a secret that is random and long, so that a plain hash says nothing about it."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_enrol_code() -> str:
    """Return 60 random bits to be typed on a till: three groups of four signs."""
    signs = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
    return "-".join(signs[at : at + _GROUP] for at in range(0, _CODE_LENGTH, _GROUP))


def read_enrol_code(typed: str) -> str:
    """Return a code as it was given out, in whatever case and with whatever dashes typed. Raises `EnrolCodeWrong`."""
    signs = [sign for sign in typed[:60].upper() if sign in _ALPHABET]
    if len(signs) != _CODE_LENGTH:
        raise EnrolCodeWrong
    return "-".join("".join(signs[at : at + _GROUP]) for at in range(0, _CODE_LENGTH, _GROUP))
