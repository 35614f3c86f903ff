"""Entries: one thing told to the ledger once, chained by hashes so that nothing can be changed in silence."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from portal.db import epoch
from portal.ledger.postings import Postings

Kind = Literal[
    "accrual", "release", "hold", "capture", "void", "timeout", "redemption", "expiry", "restoration", "reversal",
    "settlement", "write_off", "adjustment", "forfeit",
]  # fmt: skip
Facts = Mapping[str, Any]
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False).encode


@dataclass(frozen=True, slots=True)
class Origin:
    """Why points move, so that every point can be traced.

    `cause` is one of the programme's causes (purchase, promo, welcome, manual …), `receipt` the receipt's id, `rule`
    the rule's id, `rulebook` the version as `id@version#hash`.
    """

    cause: str
    budget: str | None = None
    receipt: str | None = None
    rule: str | None = None
    rulebook: str | None = None


class Brief(NamedTuple):
    """An entry as one row of a statement tells it; `title` is the rule's as it was kept with the entry, or None."""

    number: int
    at: datetime
    kind: Kind
    cause: str
    wallet: str
    points: int
    receipt: str | None
    rule: str | None
    title: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One numbered entry of a member's book.

    `at` is when it counts, `posted_at` when it was told. `lots` are pairs of a lot's number and what was added to its
    `left`. `details` explain the entry and are plain JSON values without fractions.
    """

    number: int
    at: datetime
    posted_at: datetime
    kind: Kind
    wallet: str
    source: str
    origin: Origin
    postings: Postings
    lots: tuple[tuple[int, int], ...] = ()
    details: Facts = field(default_factory=dict)
    hash: str = ""

    @property
    def points(self) -> int:
        """The points this entry is about, with the sign the member sees; a reversal counts what was forgiven too."""
        account, sign = POINTS_OF[self.kind]
        moved: int = getattr(self.postings, account)
        return sign * moved - self.details.get("forgiven", 0)

    def brief(self) -> Brief:
        """Return the entry as a row of a statement."""
        origin, title = self.origin, self.details.get("title")
        return Brief(
            self.number, self.at, self.kind, origin.cause, self.wallet, self.points, origin.receipt, origin.rule, title
        )


POINTS_OF: dict[Kind, tuple[str, int]] = {
    "accrual": ("issued", -1),
    "release": ("available", 1),
    "hold": ("held", -1),
    "capture": ("redeemed", -1),
    "void": ("available", 1),
    "timeout": ("available", 1),
    "redemption": ("redeemed", -1),
    "expiry": ("breakage", -1),
    "restoration": ("redeemed", -1),
    "reversal": ("issued", -1),
    "settlement": ("available", 1),
    "write_off": ("debt", 1),
    "adjustment": ("issued", -1),
    "forfeit": ("breakage", -1),
}
"""The account that tells the points of an entry, and the sign with which the member sees them."""


def canonical(facts: Facts) -> str:
    """Return the one JSON text of facts: sorted keys, no spaces, no escapes outside ASCII."""
    return _encode(facts)


def facts_of(entry: Entry, *, member: str) -> dict[str, Any]:
    """Return everything an entry says, as the hash covers it; what is empty is left out."""
    origin = entry.origin
    facts = {
        "member": member, "number": entry.number, "at": epoch(entry.at), "posted_at": epoch(entry.posted_at),
        "kind": entry.kind, "wallet": entry.wallet, "source": entry.source, "cause": origin.cause,
    }  # fmt: skip
    for name in ("budget", "receipt", "rule", "rulebook"):
        if (fact := getattr(origin, name)) is not None:
            facts[name] = fact
    moved = {"postings": dict(entry.postings.moved()), "lots": entry.lots, "details": entry.details}
    return facts | {name: fact for name, fact in moved.items() if fact}


def chain(entry: Entry, head: str, *, member: str) -> str:
    """Give an entry that nobody has seen yet its hash, the new head, and return it."""
    object.__setattr__(entry, "hash", chained(head, facts_of(entry, member=member)))
    return entry.hash


def chained(head: str, facts: Facts) -> str:
    """Return the hash of an entry's facts after `head`, the hash of the entry before it, or "" for the first."""
    return hashlib.sha256((head + canonical(facts)).encode()).hexdigest()
