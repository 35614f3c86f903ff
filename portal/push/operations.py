"""Writes of push; none of them commits."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.db import Batch, upsert
from portal.ids import new_id
from portal.members.queries.sessions import living_sessions
from portal.outbox.operations import enqueue, supersede, wake
from portal.push.browser import Keys
from portal.push.message import check_length
from portal.push.note import PushNote
from portal.push.tables import Subscription

SEND = "send_push"
"""The kind of the jobs that send a note to one browser."""

LOST_AFTER = 10
LOST_FOR = timedelta(days=30)
_LOOKED_AT_ONCE = 1_000


def subscribe(session: Session, member_id: str, keys: Keys, *, session_id: str, now: datetime) -> None:
    """Let notes be sent to a signed-in browser, in the place of what it gave before.

    An address that somebody else's sign-in gave moves here: the browser changed hands.
    """
    session.execute(
        delete(Subscription).where(Subscription.session_id == session_id, Subscription.endpoint != keys.endpoint)
    )
    held = {"member_id": member_id, "session_id": session_id, "p256dh": keys.p256dh, "auth": keys.auth, "failures": 0}
    row = {"id": new_id(now), "endpoint": keys.endpoint, "created_at": now, **held}
    upsert(session, Subscription, row, key=["endpoint"], held=list(held))


def unsubscribe(session: Session, session_id: str) -> None:
    """Send no more notes to a signed-in browser."""
    session.execute(delete(Subscription).where(Subscription.session_id == session_id))


def forget_browsers_of(session: Session, member_id: str) -> None:
    """Delete every browser of a member: they are being forgotten."""
    session.execute(delete(Subscription).where(Subscription.member_id == member_id))


def post_push(session: Session, member_id: str, note: PushNote, *, now: datetime) -> int:
    """Have a note sent to every browser of a member once this transaction commits; return how many there are.

    Each gets a job of its own, which is dropped when the note's time is over, or when a later note of the same topic
    takes its place. Raises `NoteTooLong`.
    """
    browsers = session.scalars(select(Subscription.id).where(Subscription.member_id == member_id)).all()
    _post(session, browsers, note, now=now)
    return len(browsers)


@dataclass(slots=True)
class Notes:
    """Notes on their way to the outbox together; of two of one topic to one browser the later one is left."""

    _to: dict[str | int, tuple[str, PushNote]] = field(default_factory=dict)

    def add(self, browsers: Iterable[str], note: PushNote) -> None:
        """Add a note to these browsers. Raises `NoteTooLong`."""
        check_length(note)
        for browser in browsers:
            name = f"{SEND}/{browser}/{note.topic}" if note.topic else len(self._to)
            self._to.pop(name, None)
            self._to[name] = (browser, note)

    def post(self, session: Session, batch: Batch, *, now: datetime) -> None:
        """Put a job for each into a batch; those of the same topic that wait or are under way make room now."""
        if not self._to:
            return
        supersede(session, [name for name in self._to if isinstance(name, str)])
        for name, (browser, note) in self._to.items():
            enqueue(
                batch,
                SEND,
                arguments={"browser": browser, "note": asdict(note)},
                now=now,
                name=name if isinstance(name, str) else None,
                pointless_at=now + timedelta(seconds=note.ttl_seconds),
            )
        wake(session)


def post_push_here(session: Session, session_id: str, note: PushNote, *, now: datetime) -> bool:
    """Have a note sent to one signed-in browser; tell whether it takes notes. Raises `NoteTooLong`."""
    browsers = session.scalars(select(Subscription.id).where(Subscription.session_id == session_id)).all()
    _post(session, browsers, note, now=now)
    return bool(browsers)


def _post(session: Session, browsers: Sequence[str], note: PushNote, *, now: datetime) -> None:
    notes, batch = Notes(), Batch()
    notes.add(browsers, note)
    notes.post(session, batch, now=now)
    batch.flush(session)


def note_results(
    session: Session, *, reached: Iterable[str], gone: Iterable[str], failed: Iterable[str], now: datetime
) -> None:
    """Write down which browsers took a note, which take none any more, and which could not be reached."""
    unloaded = {"synchronize_session": False}
    for ids, values in (
        (list(reached), {"last_ok_at": now, "failures": 0}),
        (list(failed), {"failures": Subscription.failures + 1}),
    ):
        if ids:
            reaching = update(Subscription).where(Subscription.id.in_(ids)).values(values)
            session.execute(reaching.execution_options(**unloaded))
    if ids := list(gone):
        session.execute(delete(Subscription).where(Subscription.id.in_(ids)).execution_options(**unloaded))


def forget_lost_browsers(session: Session, *, after: str, now: datetime) -> str | None:
    """Look at the browsers whose ids come after one, and delete those signed out or out of reach for a month.

    Return the id to go on after; None at the end.
    """
    rows = session.scalars(
        select(Subscription).where(Subscription.id > after).order_by(Subscription.id).limit(_LOOKED_AT_ONCE)
    ).all()
    living = living_sessions(session, [row.session_id for row in rows], now=now)
    gone = [row.id for row in rows if row.session_id not in living or _is_lost(row, now=now)]
    session.execute(delete(Subscription).where(Subscription.id.in_(gone)).execution_options(synchronize_session=False))
    return rows[-1].id if len(rows) == _LOOKED_AT_ONCE else None


def _is_lost(row: Subscription, *, now: datetime) -> bool:
    return row.failures >= LOST_AFTER and (row.last_ok_at or row.created_at) < now - LOST_FOR
