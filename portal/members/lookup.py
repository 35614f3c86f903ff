"""How a till or a shop points at a member: by id, code, phone or e-mail (api.md, `member`)."""

from dataclasses import dataclass, field
from typing import Literal

from portal.errors import Refused
from portal.ids import is_id
from portal.members.card_numbers import WrongCardNumber, read_card_number, read_digits
from portal.members.contacts import DEFAULT_REGION, Contact, read_contact, read_email, read_phone
from portal.members.rotating_code import CODE_LENGTH, RotatingCode, read_rotating_code

LookupKind = Literal["id", "card", "phone", "email"]


class WrongMemberCode(Refused):
    code = "wrong-code"
    text = "This is not a code of a member. Scan the card again or type the number below it."


class WrongMemberId(Refused):
    code = "wrong-member-id"
    text = "This is not an id of a member."


@dataclass(frozen=True, slots=True)
class Lookup:
    """The column to look in, the value to look for, and the rotating code when that is what was shown."""

    kind: LookupKind
    value: str = field(repr=False)
    rotating: RotatingCode | None = None


def by_id(text: str) -> Lookup:
    """Look for an id of `portal.ids`. Raises `WrongMemberId`."""
    if not is_id(text):
        raise WrongMemberId
    return Lookup(kind="id", value=text)


def by_code(text: str) -> Lookup:
    """Look for the number on a card or the rotating code of a phone. Raises `WrongMemberCode`."""
    digits = read_digits(text)
    if len(digits) != CODE_LENGTH:
        return Lookup(kind="card", value=_card_number(text))
    rotating = read_rotating_code(digits)
    if rotating is None:
        raise WrongMemberCode
    return Lookup(kind="card", value=rotating.card_number, rotating=rotating)


def by_phone(text: str, *, region: str = DEFAULT_REGION) -> Lookup:
    """Look for a phone in any spelling. Raises `WrongPhone`."""
    return by_contact(read_phone(text, region=region))


def by_email(text: str) -> Lookup:
    """Look for an address, tags and dots included. Raises `WrongEmail`."""
    return by_contact(read_email(text))


def by_contact(contact: Contact) -> Lookup:
    return Lookup(kind=contact.kind, value=contact.value)


def by_anything_typed(text: str, *, region: str = DEFAULT_REGION) -> Lookup:
    """Look for what a cashier typed or scanned into the one field: a code first, then a contact.

    Raises `WrongPhone` or `WrongEmail` when it is none of them.
    """
    try:
        return by_code(text)
    except WrongMemberCode:
        return by_contact(read_contact(text, region=region))


def _card_number(text: str) -> str:
    try:
        return read_card_number(text)
    except WrongCardNumber:
        raise WrongMemberCode from None
