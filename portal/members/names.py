"""What people are called."""

import unicodedata

from portal.errors import Refused

LONGEST = 80


class WrongName(Refused):
    code = "wrong-name"
    text = "Give a name of at most %(longest)s letters."


def clean_name(text: str) -> str:
    """Return a name in Unicode's composed form with single spaces and no control or invisible characters.

    Raises `WrongName` when nothing readable is left or it is too long.
    """
    composed = unicodedata.normalize("NFC", text[: 10 * LONGEST])
    readable = "".join(" " if letter.isspace() else letter for letter in composed if _readable(letter))
    name = " ".join(readable.split())
    if not any(letter.isalnum() for letter in name) or len(name) > LONGEST:
        raise WrongName(longest=LONGEST)
    return name


def first_name(name: str) -> str:
    """Return the first word: all that a till shows of a person."""
    return name.split(" ", 1)[0]


def _readable(letter: str) -> bool:
    return letter.isspace() or letter == "\N{ZERO WIDTH JOINER}" or unicodedata.category(letter)[0] != "C"
