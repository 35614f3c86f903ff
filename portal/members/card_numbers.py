"""Card numbers: ten digits, the last one a check digit that finds a mistyped digit and swapped neighbours."""

import secrets
import unicodedata

from portal.errors import Refused

LENGTH = 10

FIRST_DIGITS = "125"  # phones of +7 do not begin so: a till tells a card from a phone without asking
_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)


class WrongCardNumber(Refused):
    code = "wrong-card-number"
    text = "This is not a card number. It has ten digits; check them once more."


def new_card_number() -> str:
    """Return a random number; the caller's database says whether it is taken."""
    body = secrets.choice(FIRST_DIGITS) + "".join(secrets.choice("0123456789") for _ in range(LENGTH - 2))
    return body + check_digit(body)


def check_digit(digits: str) -> str:
    """Return the digit of Damm's algorithm, which makes every single slip and every swap of neighbours visible."""
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return str(interim)


def read_card_number(text: str) -> str:
    """Return the ten digits of a number typed with spaces, dashes or any script's digits. Raises `WrongCardNumber`."""
    number = read_digits(text)
    if len(number) != LENGTH or check_digit(number) != "0":
        raise WrongCardNumber
    return number


def read_digits(text: str) -> str:
    """Return the digits of a text without its spaces and dashes, or an empty text when it holds anything else."""
    if text.isascii() and text.isdigit():
        return text[:80]
    bare = [letter for letter in text[:80] if not letter.isspace() and unicodedata.category(letter) != "Pd"]
    digits = [unicodedata.decimal(letter, None) for letter in bare]
    return "" if None in digits else "".join(map(str, digits))


def grouped(number: str) -> str:
    """Return a number in groups of four, for eyes and for hand entry."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))
