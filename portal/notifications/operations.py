"""Writes of messages and preferences; none of them commits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from portal.db import Batch, Write, epoch, insert_into
from portal.notifications.budget import Reason
from portal.notifications.kinds import Facts
from portal.notifications.preference import Preference
from portal.notifications.tables import Delivery, Message, PreferenceRow, Reminded

KEEP = insert_into(Message.__table__)
DELIVER = insert_into(Delivery.__table__)
SETTLE = Write(
    name="settle_message",
    columns=(
        ("id", "text"), ("state", "text"), ("reason", "text"), ("due_at", "bigint"), ("counts_at", "bigint"),
        ("read_at", "bigint"),
    ),
    statement=(
        "update message set state = r.state, reason = r.reason, due_at = r.due_at, counts_at = r.counts_at,"
        " read_at = coalesce(message.read_at, r.read_at) from {rows} where message.id = r.id"
    ),
    every_row=True,
)  # fmt: skip
REMIND = insert_into(
    Reminded.__table__, conflict="on conflict (kind) do update set through = excluded.through"
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What becomes of a message: waits until `due_at`, goes out, is kept for the inbox alone, is held back."""

    state: str
    reason: Reason | str | None = None
    due_at: datetime | None = None
    counts_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A message about to be written; `cause` names what it is about, once for each kind and member."""

    id: str
    kind: str
    cause: str
    facts: Facts
    at: datetime
    not_after: datetime | None


_TURNS = text(
    "select pg_advisory_xact_lock(turn) from (select distinct hashtext('messages to ' || id) as turn"
    " from unnest(cast(:ids as text[])) as told(id) order by turn) as turns"
)


def take_turns(session: Session, member_ids: Iterable[str]) -> None:
    """Let what is told to one member be told one after another, so that the budget and the causes hold.

    Turns are taken in one order for all, so that nobody waits in a circle.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_TURNS, {"ids": list(member_ids)})


def keep(batch: Batch, member_id: str, message: NewMessage, fate: Fate) -> None:
    """Add a message to the inbox by a batch; flushing raises IntegrityError when its cause was told meanwhile."""
    row = {
        "id": message.id,
        "member_id": member_id,
        "kind": message.kind,
        "cause": message.cause,
        "facts": dict(message.facts),
        "at": epoch(message.at),
        "not_after": _number(message.not_after),
    }
    batch.add(KEEP, {**row, **_of(fate, at=message.at)})


def settle(batch: Batch, message_id: str, fate: Fate, *, now: datetime) -> None:
    """Write down what becomes of a message that waited."""
    batch.add(SETTLE, {"id": message_id, **_of(fate, at=now)})


def deliver(batch: Batch, message_id: str, *, channel: str, now: datetime) -> None:
    """Note that a message was handed to a channel."""
    batch.add(DELIVER, {"message_id": message_id, "channel": channel, "state": "posted", "at": epoch(now)})


def lose(session: Session, message_id: str, *, channel: str) -> None:
    """Note that a channel reached nobody."""
    lost = update(Delivery).where(Delivery.message_id == message_id, Delivery.channel == channel)
    session.execute(lost.values(state="lost"))


def mark_read(session: Session, member_id: str, message_id: str, *, now: datetime) -> None:
    """Mark one message of a member as read."""
    unread = update(Message).where(Message.member_id == member_id, Message.read_at.is_(None))
    session.execute(unread.where(Message.id == message_id).values(read_at=now))


def mark_all_read(session: Session, member_id: str, *, up_to: datetime, now: datetime) -> None:
    """Mark what came by an instant as read; what came later was not seen yet."""
    unread = update(Message).where(Message.member_id == member_id, Message.read_at.is_(None))
    session.execute(unread.where(Message.at <= up_to).values(read_at=now))


def set_preference(session: Session, member_id: str, preference: Preference, *, now: datetime) -> None:
    """Keep what a member chose. Raises what `Preference.check` does."""
    preference.check()
    quiet = preference.quiet
    row = {
        "silenced": sorted(preference.silenced),
        "push": preference.push,
        "letters": preference.letters,
        "most_in_a_week": preference.most_in_a_week,
        "quiet_from": quiet and _minutes(quiet.start),
        "quiet_until": quiet and _minutes(quiet.end),
        "changed_at": now,
    }
    changed = update(PreferenceRow).where(PreferenceRow.member_id == member_id).values(row)
    if session.scalar(changed.returning(PreferenceRow.member_id)) is None:
        session.execute(insert(PreferenceRow).values(row | {"member_id": member_id}))


def remind(batch: Batch, kind: str, *, through: datetime) -> None:
    """Write down how far a kind of reminder has come."""
    batch.add(REMIND, {"kind": kind, "through": epoch(through)})


def forget(session: Session, member_id: str) -> None:
    """Delete the messages and choices of a member who is being forgotten."""
    theirs = select(Message.id).where(Message.member_id == member_id)
    session.execute(delete(Delivery).where(Delivery.message_id.in_(theirs)))
    session.execute(delete(Message).where(Message.member_id == member_id))
    session.execute(delete(PreferenceRow).where(PreferenceRow.member_id == member_id))


def _of(fate: Fate, *, at: datetime) -> dict[str, object]:
    """Return the columns of a fate; what is held back shall not be counted as news."""
    return {
        "state": fate.state,
        "reason": fate.reason,
        "due_at": _number(fate.due_at),
        "counts_at": _number(fate.counts_at),
        "read_at": epoch(at) if fate.state == "held" else None,
    }


def _number(moment: datetime | None) -> int | None:
    return None if moment is None else epoch(moment)


def _minutes(wall: time) -> int:
    return wall.hour * 60 + wall.minute
