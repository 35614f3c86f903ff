"""What was told before: answers under keys, receipts under numbers, and the rulebook in force."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from portal.db import json_object
from portal.receipts.tables import Idempotency, Receipt, RulebookVersion

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a client was answered under a key; `digest` is that of the command."""

    operation: str
    digest: str
    status: int
    answer: Document


@dataclass(frozen=True, slots=True)
class Recorded:
    """A receipt that stands already under this store and number, with the answer it got."""

    receipt_id: str
    member_id: str | None
    digest: str
    status: int
    answer: Document


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """A published version of the rulebook."""

    name: str
    version: int
    digest: str
    document: Document
    effective_from: datetime
    published_at: datetime


def remembered_column(client: ColumnElement[Any], key: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a scalar subquery with the answer given under a key, for `read_remembered`."""
    row = json_object(
        operation=Idempotency.operation,
        digest=Idempotency.digest,
        status=Idempotency.status,
        answer=Idempotency.answer,
    )
    return select(row).where(Idempotency.client == client, Idempotency.key == key).scalar_subquery()


def read_remembered(row: Document | None) -> Remembered | None:
    return Remembered(**row) if row else None


def find_remembered(session: Session, *, client: str, key: str) -> Remembered | None:
    """Return the answer a client was given under a key."""
    row = session.get(Idempotency, (client, key))
    return None if row is None else Remembered(row.operation, row.digest, row.status, row.answer)


def recorded_column(store: ColumnElement[Any], number: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a scalar subquery with the receipt under this store and number, for `read_recorded`."""
    row = json_object(
        receipt_id=Receipt.id,
        member_id=Receipt.member_id,
        digest=Receipt.digest,
        status=Idempotency.status,
        answer=Idempotency.answer,
    )
    answered = and_(Idempotency.client == Receipt.client, Idempotency.key == Receipt.key)
    found = select(row).select_from(Receipt).join(Idempotency, answered)
    return found.where(Receipt.store == store, Receipt.number == number).scalar_subquery()


def read_recorded(row: Document | None) -> Recorded | None:
    return Recorded(**row) if row else None


def version_column(at: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a scalar subquery with the digest of the rulebook in force at an instant."""
    return _in_force(select(RulebookVersion.digest), at).scalar_subquery()


def digest_in_force(session: Session, *, at: datetime) -> str | None:
    """Return the digest of the rulebook in force at an instant, or None before the first came into force."""
    return session.scalar(_in_force(select(RulebookVersion.digest), at))


def version_of(session: Session, *, digest: str) -> PublishedVersion | None:
    """Return the version with this digest; the one published last when it was published twice."""
    newest = select(RulebookVersion).where(RulebookVersion.digest == digest).order_by(RulebookVersion.id.desc())
    row = session.scalar(newest.limit(1))
    return None if row is None else _version(row)


def published_versions(session: Session) -> tuple[PublishedVersion, ...]:
    """Return all versions, the newest in force first."""
    newest = select(RulebookVersion).order_by(RulebookVersion.effective_from.desc(), RulebookVersion.id.desc())
    return tuple(_version(row) for row in session.scalars(newest))


def _version(row: RulebookVersion) -> PublishedVersion:
    return PublishedVersion(
        name=row.name,
        version=row.version,
        digest=row.digest,
        document=row.document,
        effective_from=row.effective_from,
        published_at=row.published_at,
    )


def _in_force(query: Select[Any], at: Any) -> Select[Any]:
    newest = RulebookVersion.effective_from.desc(), RulebookVersion.published_at.desc(), RulebookVersion.id.desc()
    return query.where(RulebookVersion.effective_from <= at).order_by(*newest).limit(1)
