"""Phones and e-mail addresses: one spelling for each, so that uniqueness means something (security.md §2)."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Literal

import phonenumbers

from portal.errors import Refused

DEFAULT_REGION = "RU"

_LONGEST_PHONE = 40
_LONGEST_EMAIL = 254
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])")
_SAME_MAIL = {
    "googlemail.com": "gmail.com",
    "ya.ru": "yandex.ru",
    "yandex.by": "yandex.ru",
    "yandex.com": "yandex.ru",
    "yandex.kz": "yandex.ru",
}


class WrongContact(Refused):
    code = "wrong-contact"
    text = "Give a phone number or an e-mail address."


class WrongPhone(WrongContact):
    code = "wrong-phone"
    text = "This is not a phone number. Write it with the country code: +7 912 345-67-89."


class WrongEmail(WrongContact):
    code = "wrong-email"
    text = "This is not an e-mail address. It looks like name@example.org."


@dataclass(frozen=True, slots=True)
class Contact:
    """A phone or an address in its one spelling. `value` is what is written to; it stays out of reprs, so out of logs.

    `person` is equal for spellings that reach one person and only answers "was this person here before". Nobody signs
    in by it: where tags are not tags, `ada+x@…` is a stranger's mailbox. `prefix` is the country of a phone and three
    more digits.
    """

    kind: Literal["phone", "email"]
    value: str = field(repr=False)
    person: str = field(repr=False)
    prefix: str | None = None


def read_contact(text: str, *, region: str = DEFAULT_REGION) -> Contact:
    """Return what a person typed into the one field for phone or e-mail. Raises `WrongPhone` or `WrongEmail`."""
    return read_email(text) if "@" in text else read_phone(text, region=region)


def read_phone(text: str, *, region: str = DEFAULT_REGION) -> Contact:
    """Return a phone in E.164. A number without a country code is of `region`. Raises `WrongPhone`."""
    if len(text) > _LONGEST_PHONE or any(letter.isalpha() for letter in text):
        raise WrongPhone
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        raise WrongPhone from None
    if number.extension or not phonenumbers.is_valid_number(number):
        raise WrongPhone
    value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    national = phonenumbers.national_significant_number(number)
    return Contact(kind="phone", value=value, person=value, prefix=f"+{number.country_code}{national[:3]}")


def read_email(text: str) -> Contact:
    """Return an address in lower case with its domain as it goes over the wire. Raises `WrongEmail`."""
    if len(text) > _LONGEST_EMAIL:  # to compose accents takes time by the square of their number
        raise WrongEmail
    typed = unicodedata.normalize("NFKC", text).strip().lower()
    local, at, domain = typed.rpartition("@")
    wire = _wire_domain(domain)
    value = f"{local}@{wire}"
    if not at or len(value) > _LONGEST_EMAIL or len(local) > 64 or not _LOCAL.fullmatch(local):
        raise WrongEmail
    return Contact(kind="email", value=value, person=_mailbox(local, wire))


def masked(contact: Contact) -> str:
    """Return enough of a contact for its owner to recognise it, and too little to write to it."""
    if contact.kind == "phone":
        return f"{contact.value[:2]} ••• {contact.value[-2:]}"
    local, _, domain = contact.value.partition("@")
    return f"{local[0]}•••@{domain}"


def _wire_domain(domain: str) -> str:
    try:
        wire = domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise WrongEmail from None
    if not _DOMAIN.fullmatch(wire):
        raise WrongEmail
    return wire


def _mailbox(local: str, domain: str) -> str:
    untagged = local.partition("+")[0] or local
    home = _SAME_MAIL.get(domain, domain)
    if home == "gmail.com":
        untagged = untagged.replace(".", "")
    if home == "yandex.ru":
        untagged = untagged.replace(".", "-")
    return f"{untagged}@{home}"
