"""Reads of API keys."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, Row, ScalarSelect, bindparam, select
from sqlalchemy.orm import Session

from portal.db import Direct, instant
from portal.staff.roles import ApiKey as Key
from portal.staff.roles import read_scopes
from portal.staff.tables import ApiKey
from portal.staff.tokens import token_hash


@dataclass(frozen=True, slots=True)
class ListedKey:
    """A line of the list of keys; the secret is nowhere."""

    key: Key
    created_at: datetime
    revoked_at: datetime | None


_KEY = select(ApiKey.id, ApiKey.name, ApiKey.scopes, ApiKey.store, ApiKey.last_used_at)


_LIVING_KEY = Direct(_KEY.where(ApiKey.secret_hash == bindparam("secret_hash"), ApiKey.revoked_at.is_(None)))


def find_key(session: Session, secret: str) -> Key | None:
    """Return the key with this secret; None when it is wrong or revoked."""
    row = _LIVING_KEY.first(session, {"secret_hash": token_hash(secret)})
    if row is None:
        return None
    key_id, name, scopes, store, used_at = row
    return Key(key_id, name, read_scopes(scopes), store, None if used_at is None else instant(used_at))


def standing_key_column(key_id: BindParameter[str]) -> ScalarSelect[str]:
    """Return an expression for the id of a key that still works; null when it was revoked, or none is asked for."""
    return select(ApiKey.id).where(ApiKey.id == key_id, ApiKey.revoked_at.is_(None)).scalar_subquery()


def list_keys(session: Session) -> list[ListedKey]:
    """Return every key ever made, the oldest first."""
    statement = _KEY.add_columns(ApiKey.created_at, ApiKey.revoked_at).order_by(ApiKey.id)
    return [ListedKey(_key(row), row.created_at, row.revoked_at) for row in session.execute(statement)]


def _key(row: Row[str, str, list[str], str | None, datetime | None]) -> Key:
    return Key(id=row.id, name=row.name, scopes=read_scopes(row.scopes), store=row.store, last_used_at=row.last_used_at)
