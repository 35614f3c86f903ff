"""Members are told: by preference and budget, into the inbox always, to a phone or a mailbox when it may be."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import Batch, epoch
from portal.ids import new_id
from portal.notifications import operations as notifications
from portal.notifications import queries as told
from portal.notifications.kinds import KINDS
from portal.notifications.operations import Fate, NewMessage
from portal.outbox import operations as outbox
from portal.programme.delivering import post_letter, send
from portal.programme.fates import Item, decide_fates
from portal.programme.notices import NOTIFY, Notice
from portal.programme.reaching import Addressee, find_addressee, find_addressees
from portal.push.operations import Notes


def notify_member(session: Session, member_id: str, notices: Sequence[Notice], *, now: datetime) -> None:
    """Tell one member, as `notify_members` does."""
    notify_members(session, [(member_id, notices)], now=now)


def notify_members(session: Session, told: Iterable[tuple[str, Sequence[Notice]]], *, now: datetime) -> None:
    """Tell members what is new, and what waited for the end of quiet hours until now.

    A cause that was told before is not told again; a member who left is told nothing. What is told to one of them more
    than once is decided about together, in its order.
    """
    news: dict[str, list[Notice]] = {}
    for member_id, notices in told:
        news.setdefault(member_id, []).extend(notices)
    notifications.take_turns(session, news)
    causes = {member_id: [(each.kind, each.cause) for each in notices] for member_id, notices in news.items()}
    batch, notes = Batch(), Notes()
    for addressee in find_addressees(session, causes, now=now):
        _tell(batch, notes, addressee, news[addressee.member_id], now=now)
    notes.post(session, batch, now=now)
    batch.flush(session)


def _tell(batch: Batch, notes: Notes, addressee: Addressee, notices: Sequence[Notice], *, now: datetime) -> None:
    items = [*_waited(addressee, now=now), *_new(addressee, notices, now=now)]
    for item, fate in decide_fates(addressee, items, now=now):
        _write(batch, addressee, item, fate, now=now)
        if fate.state == "sent":
            send(batch, notes, addressee, item, now=now)
        if fate.due_at is not None:
            _come_again(batch, addressee.member_id, at=fate.due_at, now=now)


def write_instead(session: Session, member_id: str, message_id: str, *, now: datetime) -> None:
    """Write a letter about a message that went to phones, if none of them is there any more."""
    addressee = find_addressee(session, member_id, now=now)
    message = told.find_message(session, member_id, message_id)
    if addressee is None or message is None or addressee.has_push or "push" not in message.channels:
        return
    if "email" not in addressee.channels_of(message.kind):
        return
    notifications.lose(session, message_id, channel="push")
    batch = Batch()
    item = Item(
        id=message.id, kind=message.kind, facts=message.facts, at=message.at, not_after=None, cause=None
    )  # fmt: skip
    post_letter(batch, addressee, item, now=now)
    batch.flush(session)


def _waited(addressee: Addressee, *, now: datetime) -> list[Item]:
    return [
        Item(id=each.id, kind=each.kind, facts=each.facts, at=each.due_at, not_after=each.not_after, cause=None)
        for each in addressee.known.waiting
        if each.due_at <= now
    ]


def _new(addressee: Addressee, notices: Sequence[Notice], *, now: datetime) -> list[Item]:
    fresh = {(each.kind, each.cause): each for each in notices if (each.kind, each.cause) not in addressee.known.told}
    return [
        Item(
            id=new_id(now),
            kind=KINDS[each.kind],
            facts=each.facts,
            at=each.at,
            not_after=each.not_after,
            cause=each.cause,
        )
        for each in fresh.values()
    ]


def _write(batch: Batch, addressee: Addressee, item: Item, fate: Fate, *, now: datetime) -> None:
    if item.cause is None:
        notifications.settle(batch, item.id, fate, now=now)
        return
    new = NewMessage(
        id=item.id,
        kind=item.kind.name,
        cause=item.cause,
        facts=item.facts,
        at=item.at,
        not_after=item.not_after,
    )
    notifications.keep(batch, addressee.member_id, new, fate)


def _come_again(batch: Batch, member_id: str, *, at: datetime, now: datetime) -> None:
    """Look at what waits when the quiet is over, once for all that waits for the same instant."""
    name = f"{NOTIFY}/{member_id}/{epoch(at)}"
    outbox.enqueue(batch, NOTIFY, arguments={"member": member_id, "notices": []}, now=now, due_at=at, name=name)
