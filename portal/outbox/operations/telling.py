"""Facts and messages told by a story: what is kept of them, and what is forgotten."""

from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.db import Batch, epoch, insert_into
from portal.ids import new_id
from portal.outbox.job import Document
from portal.outbox.message import Message
from portal.outbox.operations.jobs import enqueue, wake
from portal.outbox.tables import Event, Job, KeptMessage

KEEP_MESSAGES = timedelta(days=1)

TELL = insert_into(Event.__table__, columns=("type", "member_id", "at", "payload"))
KEEP = insert_into(KeptMessage.__table__)


def tell(batch: Batch, fact: str, *, member_id: str | None, at: datetime, payload: Document) -> None:
    """Add a fact (`receipt.recorded` …, api.md "Webhooks") to the batch of the transaction that makes it true."""
    batch.add(TELL, {"type": fact, "member_id": member_id, "at": epoch(at), "payload": dict(payload)})


def post(session: Session, message: Message, *, now: datetime, pointless_at: datetime) -> None:
    """Have a message sent as soon as this transaction commits, and not after `pointless_at`."""
    batch = Batch()
    enqueue(batch, message.job_kind, arguments=asdict(message), now=now, pointless_at=pointless_at)
    batch.flush(session)
    wake(session)


def keep_message(session: Session, message: Message, *, subject: str, text: str, now: datetime) -> None:
    """Keep a message of a demo for a day instead of sending it."""
    batch = Batch()
    row = {"id": new_id(now), "channel": message.channel, "recipient": message.recipient}
    batch.add(KEEP, {**row, "subject": subject, "text": text, "kept_at": epoch(now)})
    batch.flush(session)


def forget_messages_to(session: Session, recipient: str) -> None:
    """Delete every message to a contact that is kept, waits or could not be sent: its owner is being forgotten."""
    session.execute(delete(KeptMessage).where(KeptMessage.recipient == recipient))
    to_them = Job.arguments["recipient"].as_string() == recipient
    named = select(Job.id).where(Job.kind.in_(("send_email", "send_sms")), to_them)
    session.execute(delete(Job).where(Job.id.in_(named)).execution_options(synchronize_session=False))


def purge_messages(session: Session, *, now: datetime) -> None:
    """Delete the messages of a demo that were kept long enough."""
    session.execute(delete(KeptMessage).where(KeptMessage.kept_at < now - KEEP_MESSAGES))
