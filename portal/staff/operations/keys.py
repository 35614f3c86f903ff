"""API keys: made, used, revoked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert, or_, update
from sqlalchemy.orm import Session

from portal.db import Afterwards, Write, epoch
from portal.errors import Refused
from portal.ids import new_id
from portal.staff.operations.people import UnknownStaff
from portal.staff.roles import SEEN_EVERY, Scope
from portal.staff.tables import ApiKey, Staff
from portal.staff.tokens import KEY_MARK, new_token, token_hash

USE_KEY = Write(
    name="api_key_use",
    columns=(("id", "text"), ("at", "bigint"), ("before", "bigint")),
    statement=(
        "update api_key set last_used_at = r.at from {rows} "
        "where api_key.id = r.id and (api_key.last_used_at is null or api_key.last_used_at <= r.before)"
    ),
)


class UnknownKey(Refused):
    code = "unknown-key"
    status = 404
    text = "There is no such key."


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key and its secret, which is shown once and not kept."""

    id: str
    secret: str = field(repr=False)


def make_key(
    session: Session,
    *,
    name: str,
    scopes: Sequence[Scope],
    store: str | None = None,
    holder_id: str | None = None,
    now: datetime,
) -> NewKey:
    """Make a key with these scopes, for one store or for all. Two may have one name, so that one can follow another.

    `holder_id` is the one of the staff who works with it. Raises `UnknownStaff`.
    """
    if holder_id is not None and session.get(Staff, holder_id) is None:
        raise UnknownStaff
    key = NewKey(id=new_id(now), secret=KEY_MARK + new_token())
    row = {
        "id": key.id,
        "name": name,
        "scopes": sorted(set(scopes)),
        "store": store,
        "secret_hash": token_hash(key.secret),
        "created_at": now,
        "holder_id": holder_id,
    }
    session.execute(insert(ApiKey).values(row))
    return key


def use_key(session: Session, key_id: str, *, now: datetime) -> None:
    """Note that a key was used; at most once a minute, so that calls do not queue at its row.

    By a statement of its own: the one batch of a call that settles is its story's.
    """
    due = or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at <= now - SEEN_EVERY)
    session.execute(update(ApiKey).where(ApiKey.id == key_id, due).values(last_used_at=now))


def use_key_afterwards(notes: Afterwards, key_id: str, *, now: datetime) -> None:
    """Note it after the answer of a call that only reads; where too many notes wait, a later call does."""
    notes.take(USE_KEY, {"id": key_id, "at": epoch(now), "before": epoch(now - SEEN_EVERY)})


def revoke_key(session: Session, key_id: str, *, now: datetime) -> None:
    """Stop a key for ever; again is no harm. Raises `UnknownKey`."""
    if session.scalar(update(ApiKey).where(ApiKey.id == key_id).values(revoked_at=now).returning(ApiKey.id)) is None:
        raise UnknownKey
