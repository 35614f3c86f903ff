"""Codes of rewards and certificates: 25 digits that a phone shows and every scanner reads.

24 are random, 80 bits; the last one is Damm's check digit, so that a slip is told before anything is asked.
"""

import secrets

from portal.members.card_numbers import check_digit, read_digits

LENGTH = 25


def new_shown_code() -> str:
    """Return a code that nobody can guess."""
    body = "".join(secrets.choice("0123456789") for _ in range(LENGTH - 1))
    return body + check_digit(body)


def read_shown_code(text: str) -> str | None:
    """Return the digits of a code scanned or typed, in any spelling; None when it is none."""
    digits = read_digits(text)
    return digits if len(digits) == LENGTH and check_digit(digits) == "0" else None
