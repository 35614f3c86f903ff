"""What a door says about a command besides the command itself, and how it is answered."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from portal.errors import Refused
from portal.receipts.operations import Evidence
from portal.rulebook.explain.words import Language

T = TypeVar("T")
_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


class IdempotencyConflict(Refused):
    code = "idempotency-conflict"
    status = 409
    text = "This key was used for something else before."


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Who commands, under which idempotency key, and when.

    `client` names the API key, till device or import; `operator` the person or key that answers for it. `may_backdate`
    lifts the age limit of receipts (an operator with the admin scope), `vouches` says that the client itself signed the
    member in (a web shop), so that no rotating code is needed to spend. `language` is that of the answer's texts.
    `evidence` says how a till came to it. `agreed_due` is the sum of a quote that was agreed to: a receipt that now
    comes to another is refused. `api_key` is the id of a key that the door knows from an earlier call: the story's one
    statement tells whether it still stands, and else it raises `KeyRevoked`.
    """

    client: str
    key: str
    now: datetime
    language: Language = "ru"
    operator: str | None = None
    may_backdate: bool = False
    vouches: bool = False
    agreed_due: int | None = None
    evidence: Evidence | None = None
    api_key: str | None = None


@dataclass(frozen=True, slots=True)
class Answered(Generic[T]):
    """The answer to a command; `replayed` when it was given before and nothing happened this time."""

    body: T
    status: int
    replayed: bool


def digest_of(document: Mapping[str, Any]) -> str:
    """Return the sha256 of a command's JSON, the same however its keys are ordered."""
    return hashlib.sha256(_canonical(document).encode()).hexdigest()
