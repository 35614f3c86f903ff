"""The chain that makes a changed, missing or invented audit entry visible."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

ActorKind = Literal["staff", "api_key", "command", "member", "job"]

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What was done, by whom and to what: ids and codes alone, never a name, a contact or a text somebody typed."""

    actor_kind: ActorKind
    actor_id: str | None
    action: str
    subject_kind: str | None = None
    subject_id: str | None = None
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as it is kept."""

    number: int
    at: datetime
    deed: Deed
    hash: str


def link_hash(deed: Deed, *, number: int, at: datetime, before: str) -> str:
    """Return the SHA-256 over an entry and the hash of the one before it."""
    told = [
        before,
        number,
        at.isoformat(timespec="microseconds"),
        deed.actor_kind,
        deed.actor_id,
        deed.action,
        deed.subject_kind,
        deed.subject_id,
        dict(deed.details),
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def broken_links(links: Iterable[Link], *, head: tuple[int, str]) -> list[int]:
    """Return the numbers at which a chain breaks, read in order; `head` is the number and hash it should end with."""
    broken: list[int] = []
    number, before = 0, GENESIS
    for link in links:
        good = link.number == number + 1 and link.hash == link_hash(
            link.deed, number=link.number, at=link.at, before=before
        )
        if not good:
            broken.append(link.number)
        number, before = link.number, link.hash
    return broken if (number, before) == head else [*broken, number + 1]
