"""A member's code: eight digits at first, once changed for a word of the member's own; look-alikes are one."""

import re
import secrets

from portal.errors import Refused

LENGTH = 8
_LOOK_ALIKES = str.maketrans("OQIL", "0011")
_CHOSEN = re.compile(r"[0-9A-Z]{6,8}")
_BETWEEN = re.compile(r"[\s\-–.]+")


class WrongInviteCode(Refused):
    code = "wrong-invite-code"
    text = "A code has six to eight Latin letters and digits, such as ADA2026."


def folded(text: str) -> str:
    """Return the one spelling of a code as it was typed or read aloud: `ola 2026` is `01A2026` to us."""
    return _BETWEEN.sub("", text).upper().translate(_LOOK_ALIKES)


def new_code() -> str:
    """Return eight random digits, the first of them no zero."""
    return str(secrets.randbelow(9 * 10 ** (LENGTH - 1)) + 10 ** (LENGTH - 1))


def read_chosen(text: str) -> str:
    """Return a code of one's own as it is shown. Raises `WrongInviteCode`."""
    shown = _BETWEEN.sub("", text).upper()
    if not _CHOSEN.fullmatch(shown):
        raise WrongInviteCode
    return shown


def grouped(shown: str) -> str:
    """Write digits in two groups, as they are read aloud; a word stays whole."""
    return f"{shown[:4]} {shown[4:]}" if shown.isdigit() and len(shown) == LENGTH else shown
