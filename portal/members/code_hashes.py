"""What the database keeps of a code, of the contact it went to and of the browser that asked: keyed hashes."""

from dataclasses import dataclass, field

from portal.members.addresses import block, household
from portal.members.contacts import Contact
from portal.members.keyed import keyed_hash


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks and what for. `marker` is a random text the browser keeps: no other browser may type the code."""

    marker: str = field(repr=False)
    address: str = field(repr=False)
    purpose: str = "sign-in"


def code_counters(contact: Contact, *, asking: Asking, secret: str) -> dict[str, str]:
    """Return what codes are counted by: the person behind the contact, the address and its network."""
    return {
        "contact": contact_counter(contact, secret=secret),
        "address": keyed_hash(secret, "address", household(asking.address)),
        "block": keyed_hash(secret, "block", block(asking.address)),
    }


def contact_counter(contact: Contact, *, secret: str) -> str:
    """Return the hash under which tags and dots of one mailbox are counted together."""
    return keyed_hash(secret, "code contact", contact.person)


def marker_hash(asking: Asking, *, secret: str) -> str:
    return keyed_hash(secret, "marker", asking.marker)


def code_hash(contact: Contact, code: str, *, code_id: str, secret: str) -> str:
    """Return the hash of a code for exactly this spelling of a contact: ada+x@… cannot type what ada@… was sent."""
    return keyed_hash(secret, "code", code_id, contact.value, code)


def buried_hash(contact: Contact, *, secret: str) -> str:
    """Return the hash that a tombstone keeps of a contact."""
    return keyed_hash(secret, "person", contact.person)
