"""What somebody came by, noted once; clicks without a word about who clicked."""

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, text, update
from sqlalchemy.orm import Session

from portal.db import upsert
from portal.referrals.gate import Decision
from portal.referrals.tables import InviteCode, Joining, KnownDevice

TRACES_LAST = timedelta(days=180)
_CLICK = text(
    "insert into invite_click (place, day, clicks) values (:place, :day, 1) "
    "on conflict (place, day) do update set clicks = invite_click.clicks + 1"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJoining:
    """What is noted of a joining; hashes are keyed, None where there was no browser."""

    member_id: str
    referrer_id: str | None
    link_id: str | None
    came_by: str
    decision: Decision
    first_click_at: datetime | None
    last_click_at: datetime | None
    device_hash: str | None = field(repr=False)
    block_hash: str | None = field(repr=False)
    joined_at: datetime


def count_click(session: Session, place: str, *, day: str) -> None:
    """Count an opened invitation."""
    session.execute(_CLICK, {"place": place, "day": day})


def note_joining(session: Session, joining: NewJoining) -> None:
    session.execute(insert(Joining).values(asdict(joining)))


def note_told_joining(session: Session, member_id: str, referrer_id: str, *, joined_at: datetime) -> None:
    """Note who brought somebody as another programme tells it; its gate was another."""
    joining = NewJoining(
        member_id=member_id,
        referrer_id=referrer_id,
        link_id=None,
        came_by="told",
        decision="ok",
        first_click_at=None,
        last_click_at=None,
        device_hash=None,
        block_hash=None,
        joined_at=joined_at,
    )
    note_joining(session, joining)


def note_device(session: Session, member_id: str, device_hash: str, *, now: datetime) -> None:
    """Note that a member was signed in by this browser."""
    row = {"device_hash": device_hash, "member_id": member_id, "seen_at": now}
    upsert(session, KnownDevice, row, key=("device_hash", "member_id"), held=("seen_at",))


def forget(session: Session, member_id: str) -> None:
    """Forget what could tell a person: codes they chose, browsers and networks they came from. Numbers stay."""
    session.execute(delete(InviteCode).where(InviteCode.member_id == member_id))
    session.execute(delete(KnownDevice).where(KnownDevice.member_id == member_id))
    bare = dict.fromkeys(("device_hash", "block_hash", "first_click_at", "last_click_at"))
    session.execute(update(Joining).where(Joining.member_id == member_id).values(bare))


def forget_traces(session: Session, *, now: datetime) -> None:
    """Forget browsers and networks after half a year: they serve to see abuse, and abuse is quick."""
    before = now - TRACES_LAST
    session.execute(delete(KnownDevice).where(KnownDevice.seen_at < before))
    old = update(Joining).where(Joining.joined_at < before, Joining.block_hash.is_not(None))
    session.execute(old.values(device_hash=None, block_hash=None))
