"""Reads of messages and preferences: columns for the one statement of a story, and what pages show."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal_column, or_, select
from sqlalchemy.orm import Session

from portal.db import instant, json_array, json_object, json_rows, json_tuple
from portal.notifications.kinds import KINDS, Facts, Kind
from portal.notifications.preference import Preference
from portal.notifications.quiet import QuietHours
from portal.notifications.tables import Delivery, Message, PreferenceRow, Reminded

_MOST_COUNTED = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that waits for the end of quiet hours."""

    id: str
    kind: Kind
    facts: Facts
    at: datetime
    due_at: datetime
    not_after: datetime | None


@dataclass(frozen=True, slots=True)
class Known:
    """What a member chose and was told: causes told already, instants that count, messages that wait, unread ones."""

    preference: Preference
    told: frozenset[tuple[str, str]]
    counted: tuple[datetime, ...]
    waiting: tuple[Waiting, ...]
    unread: int


@dataclass(frozen=True, slots=True)
class InboxMessage:
    """A message as the inbox shows it; `channels` are those it was handed to."""

    id: str
    kind: Kind
    facts: Facts
    at: datetime
    state: str
    reason: str | None
    due_at: datetime | None
    unread: bool
    channels: tuple[str, ...] = ()


def unread_column(member_id: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a scalar subquery that counts a member's unread messages, up to a hundred."""
    unread = select(literal_column("1")).where(Message.member_id == member_id, Message.read_at.is_(None))
    few = unread.limit(_MOST_COUNTED).correlate_except(Message)
    return select(func.count()).select_from(few.subquery()).scalar_subquery()


def known_column(member_id: ColumnElement[Any], *, since: Any) -> ColumnElement[Any]:
    """Return a JSON expression for `read_known`; `since` begins the week."""
    counted = select(json_array(json_tuple(Message.counts_at)))
    waiting = select(
        json_array(json_tuple(Message.id, Message.kind, Message.facts, Message.at, Message.due_at, Message.not_after))
    )
    return json_object(
        preference=_preference(member_id),
        counted=counted.where(
            Message.member_id == member_id, Message.counts_at.is_not(None), Message.counts_at > since
        ).scalar_subquery(),
        waiting=waiting.where(
            Message.member_id == member_id, Message.state == literal_column("'waiting'")
        ).scalar_subquery(),
        unread=unread_column(member_id),
    )


def read_known(document: dict[str, Any], *, told: frozenset[tuple[str, str]]) -> Known:
    """Read what `known_column` gave, beside the causes found by `told_among`."""
    waiting = (
        Waiting(id_, KINDS[kind], facts, instant(at), instant(due_at), None if last is None else instant(last))
        for id_, kind, facts, at, due_at, last in document["waiting"] or ()
        if kind in KINDS
    )
    return Known(
        preference=_read_preference(document["preference"]),
        told=told,
        counted=tuple(instant(at) for (at,) in document["counted"] or ()),
        waiting=tuple(sorted(waiting, key=lambda each: (each.due_at, each.id))),
        unread=document["unread"],
    )


def told_among(session: Session, asked: Collection[tuple[str, str, str]]) -> dict[str, frozenset[tuple[str, str]]]:
    """Return which of these kinds and causes, each with its member, were told before, by member."""
    told: dict[str, set[tuple[str, str]]] = {}
    for member_id, kind, cause in session.execute(_TOLD, {"asked": list(asked)}) if asked else ():
        told.setdefault(member_id, set()).add((kind, cause))
    return {member_id: frozenset(each) for member_id, each in told.items()}


def preference_of(session: Session, member_id: str) -> Preference:
    """Return what a member chose, or the defaults."""
    return _read_preference(session.scalar(select(_preference(member_id))))


def inbox(
    session: Session, member_id: str, *, before: tuple[datetime, str] | None, limit: int
) -> Sequence[InboxMessage]:
    """Return a member's messages, newest first, those before an instant and id."""
    asked = _INBOX.where(Message.member_id == member_id)
    if before is not None:
        at, id_ = before
        asked = asked.where(or_(Message.at < at, and_(Message.at == at, Message.id < id_)))
    rows = session.execute(asked.order_by(Message.at.desc(), Message.id.desc()).limit(limit))
    return [_in_inbox(row) for row in rows if row.kind in KINDS]


def find_message(session: Session, member_id: str, message_id: str) -> InboxMessage | None:
    """Return one message of a member; another member's is none."""
    row = session.execute(_INBOX.where(Message.member_id == member_id, Message.id == message_id)).one_or_none()
    return _in_inbox(row) if row is not None and row.kind in KINDS else None


def reminded_through(session: Session, kind: str) -> datetime | None:
    """Return how far a kind of reminder has come; None before the first time."""
    return session.scalar(select(Reminded.through).where(Reminded.kind == kind))


def _channels() -> ColumnElement[Any]:
    posted = select(json_array(json_tuple(Delivery.channel)))
    return posted.where(Delivery.message_id == Message.id, Delivery.state == "posted").scalar_subquery()


_ASKED = json_rows("asked", "member_id", "kind", "cause")
_TOLD = select(Message.member_id, Message.kind, Message.cause).join(
    _ASKED,
    and_(
        Message.member_id == _ASKED.c.member_id, Message.kind == _ASKED.c.kind, Message.cause == _ASKED.c.cause
    ),
)  # fmt: skip
_INBOX = select(
    Message.id,
    Message.kind,
    Message.facts,
    Message.at,
    Message.state,
    Message.reason,
    Message.due_at,
    Message.read_at,
    _channels().label("channels"),
)


def _in_inbox(row: Any) -> InboxMessage:
    channels = tuple(sorted(channel for (channel,) in row.channels or ()))
    unread = row.read_at is None
    return InboxMessage(row.id, KINDS[row.kind], row.facts, row.at, row.state, row.reason, row.due_at, unread, channels)


def _preference(member_id: ColumnElement[Any] | str) -> ColumnElement[Any]:
    chosen = json_object(
        silenced=PreferenceRow.silenced,
        push=PreferenceRow.push,
        letters=PreferenceRow.letters,
        most_in_a_week=PreferenceRow.most_in_a_week,
        quiet_from=PreferenceRow.quiet_from,
        quiet_until=PreferenceRow.quiet_until,
    )
    return select(chosen).where(PreferenceRow.member_id == member_id).scalar_subquery()


def _read_preference(document: dict[str, Any] | None) -> Preference:
    if document is None:
        return Preference()
    start, end = document["quiet_from"], document["quiet_until"]
    return Preference(
        silenced=frozenset(document["silenced"]),
        push=bool(document["push"]),
        letters=document["letters"],
        most_in_a_week=document["most_in_a_week"],
        quiet=None if start is None or end is None else QuietHours(_wall(start), _wall(end)),
    )


def _wall(minutes: int) -> time:
    return time(*divmod(minutes, 60))
