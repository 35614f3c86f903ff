"""A message leaves the inbox: as a note to phones, or as a letter."""

from dataclasses import asdict
from datetime import datetime, timedelta

from portal.db import Batch
from portal.notifications import operations as notifications
from portal.outbox import operations as outbox
from portal.outbox.message import Message
from portal.programme.fates import Item
from portal.programme.reaching import Addressee
from portal.push.note import PushNote
from portal.push.operations import Notes

FALL_BACK = "fall_back"
"""The kind of the jobs that write a letter when no phone took a note."""

_FALL_BACK_AFTER = timedelta(minutes=15)


def send(batch: Batch, notes: Notes, addressee: Addressee, item: Item, *, now: datetime) -> None:
    """Hand a message to the first channel; where that is a phone, a letter follows should it be gone."""
    channels = addressee.channels_of(item.kind)
    if channels[:1] == ["push"]:
        notes.add(addressee.browsers, _note(addressee, item, now=now))
        notifications.deliver(batch, item.id, channel="push", now=now)
        if "email" in channels:
            arguments = {"member": addressee.member_id, "message": item.id}
            later, useless = now + _FALL_BACK_AFTER, now + item.kind.ttl
            outbox.enqueue(batch, FALL_BACK, arguments=arguments, now=now, due_at=later, pointless_at=useless)
    elif "email" in channels:
        post_letter(batch, addressee, item, now=now)


def _note(addressee: Addressee, item: Item, *, now: datetime) -> PushNote:
    words = item.kind.write(item.facts, addressee.voice(now=now))
    return PushNote(
        title=words.title,
        body=words.body,
        path=words.path if item.kind.direct else f"/inbox/{item.id}",
        language=addressee.language,
        tag=item.id if item.kind.topic.always else item.kind.name,
        topic=None if item.kind.topic.always else item.kind.name,  # each warning comes for itself
        ttl_seconds=item.kind.ttl // timedelta(seconds=1),
        urgency=item.kind.urgency,
        badge=addressee.known.unread + 1,
    )


def post_letter(batch: Batch, addressee: Addressee, item: Item, *, now: datetime) -> None:
    words = item.kind.write(item.facts, addressee.voice(now=now))
    message = Message(
        "email",
        addressee.reach.email or "",
        "notice",
        addressee.language,
        {**asdict(words), "unsubscribes": addressee.member_id if item.kind.topic.marketing else None},
    )
    outbox.enqueue(batch, message.job_kind, arguments=asdict(message), now=now, pointless_at=now + item.kind.ttl)
    notifications.deliver(batch, item.id, channel="email", now=now)
