"""The words of a wish: cleaned as they are kept, and folded so that the same thing is counted together."""

import re
import unicodedata

from portal.errors import Refused

LONGEST = 80

_NOT_A_LETTER = re.compile(r"[\W_]+")


class NoWords(Refused):
    code = "no-words"
    text = "Write what is asked for, in at most 80 letters."


def read_words(typed: str) -> str:
    """Return what was typed on one line, with single spaces. Raises `NoWords`."""
    words = " ".join(unicodedata.normalize("NFC", typed[: 10 * LONGEST]).split())
    if not folded(words) or len(words) > LONGEST or not words.isprintable():
        raise NoWords
    return words


def folded(words: str) -> str:
    """Return what two wishes for one thing have in common: "Ёлка, 5 л" and "ёлка 5 л" are one."""
    plain = unicodedata.normalize("NFKC", words).casefold().replace("ё", "е")
    return _NOT_A_LETTER.sub(" ", plain).strip()
