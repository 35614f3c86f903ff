"""What a cashier scanned or typed into the one field: a code of 26 digits, a card number, a phone or an address."""

from dataclasses import dataclass

from portal.members.card_numbers import FIRST_DIGITS, LENGTH, WrongCardNumber, read_digits
from portal.members.contacts import masked, read_contact
from portal.members.lookup import Lookup, WrongMemberCode, by_code, by_contact

LONGEST_PHONE = 15  # digits, E.164


@dataclass(frozen=True, slots=True)
class Shown:
    """Whom to look for. `code` is a rotating code as it was scanned, `contact` a phone or address half hidden."""

    lookup: Lookup
    code: str = ""
    contact: str = ""


def read_shown(typed: str, *, region: str) -> Shown:
    """Read a code first, then a contact. What can only be a card with a wrong digit is told as that.

    Raises `WrongCardNumber`, `WrongMemberCode`, `WrongPhone` or `WrongEmail`.
    """
    digits = read_digits(typed)
    try:
        lookup = by_code(typed)
    except WrongMemberCode:
        if len(digits) > LONGEST_PHONE:
            raise
        if len(digits) == LENGTH and digits[0] in FIRST_DIGITS:
            raise WrongCardNumber from None
        contact = read_contact(typed, region=region)
        return Shown(by_contact(contact), contact=masked(contact))
    return Shown(lookup, code=digits if lookup.rotating else "")
