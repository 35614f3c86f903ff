"""Codes, invite links, clicks by the day, and what every joining came by."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Id, Instant

_OPEN = text("state = 'open'")
_SHA256 = String(64)


class InviteCode(Base):
    """A member's own code. `code` is folded so that look-alikes are one; `shown` is how it is written.

    The second one is of the member's choice, the first still leads to them: it stands in links already sent.
    """

    __tablename__ = "invite_code"
    __table_args__ = (
        CheckConstraint("number in (1, 2)", name="number"),
        UniqueConstraint("member_id", "number"),
    )

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    shown: Mapped[str] = mapped_column(String(8))
    member_id: Mapped[str] = mapped_column(Id)
    number: Mapped[int] = mapped_column(Integer)
    made_at: Mapped[datetime] = mapped_column(Instant)


class InviteLink(Base):
    """A link of the shop's own: for a channel, a partner, a post, an agent. It works from `opens_at` until `closes_at`.

    `welcome_points` stand for the rulebook's, `segment` and `privilege` are given to who joins by it. `joins` counts
    those accepted, at most `join_limit`. Costs are in minor units.
    """

    __tablename__ = "invite_link"
    __table_args__ = (
        CheckConstraint("owner_kind in ('member', 'agent', 'partner', 'channel', 'post')", name="owner_kind"),
        CheckConstraint("join_limit is null or joins <= join_limit", name="joins"),
        CheckConstraint("cost_minor >= 0", name="cost"),
        CheckConstraint("(privilege is null) = (privilege_days is null)", name="privilege"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    owner_kind: Mapped[str] = mapped_column(String(8))
    owner_id: Mapped[str | None] = mapped_column(Id)
    source: Mapped[str] = mapped_column(String(60), default="")
    medium: Mapped[str] = mapped_column(String(60), default="")
    campaign: Mapped[str] = mapped_column(String(60), default="")
    opens_at: Mapped[datetime | None] = mapped_column(Instant)
    closes_at: Mapped[datetime | None] = mapped_column(Instant)
    join_limit: Mapped[int | None] = mapped_column(Integer)
    joins: Mapped[int] = mapped_column(Integer, default=0)
    welcome_points: Mapped[int | None] = mapped_column(Integer)
    segment: Mapped[str | None] = mapped_column(String(80))
    privilege: Mapped[str | None] = mapped_column(String(80))
    privilege_days: Mapped[int | None] = mapped_column(Integer)
    cost_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    made_at: Mapped[datetime] = mapped_column(Instant)


class InviteClick(Base):
    """How often an invitation was opened on a day of the shop; nothing about who opened it.

    `place` is the member whose code it was, or the link.
    """

    __tablename__ = "invite_click"

    place: Mapped[str] = mapped_column(Id, primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    clicks: Mapped[int] = mapped_column(Integer)


class Joining(Base):
    """What a member came by, and whether it counts: `decision` is `ok` or the gate's reason (domain.md §5.2).

    `came_by` is `code`, `link`, or `told` by the programme that members were brought over from. `block_hash` is that
    of the network somebody joined from; like `device_hash` it is forgotten after half a year.
    """

    __tablename__ = "joining"
    __table_args__ = (
        Index("ix_joining_referrer_id", "referrer_id", "joined_at"),
        Index("ix_joining_link_id", "link_id", "joined_at"),
        Index("ix_joining_block_hash", "block_hash", "joined_at"),
    )

    member_id: Mapped[str] = mapped_column(Id, primary_key=True)
    referrer_id: Mapped[str | None] = mapped_column(Id)
    link_id: Mapped[str | None] = mapped_column(Id)
    came_by: Mapped[str] = mapped_column(String(4))
    decision: Mapped[str] = mapped_column(String(16))
    first_click_at: Mapped[datetime | None] = mapped_column(Instant)
    last_click_at: Mapped[datetime | None] = mapped_column(Instant)
    device_hash: Mapped[str | None] = mapped_column(_SHA256)
    block_hash: Mapped[str | None] = mapped_column(_SHA256)
    joined_at: Mapped[datetime] = mapped_column(Instant)


class KnownDevice(Base):
    """A browser a member signed in with, by the keyed hash of its random mark: nobody is brought by themselves."""

    __tablename__ = "known_device"

    device_hash: Mapped[str] = mapped_column(_SHA256, primary_key=True)
    member_id: Mapped[str] = mapped_column(Id, primary_key=True, index=True)
    seen_at: Mapped[datetime] = mapped_column(Instant, index=True)


class ReferralReview(Base):
    """A referral a person should look at: `signal` says why. Cleared, it counts; refused, it never did."""

    __tablename__ = "referral_review"
    __table_args__ = (
        CheckConstraint("signal in ('address_block', 'same_till')", name="signal"),
        CheckConstraint("state in ('open', 'cleared', 'refused')", name="state"),
        CheckConstraint("(state = 'open') = (decided_at is null)", name="decided"),
        UniqueConstraint("member_id", "signal"),
        Index("ix_referral_review_open", "opened_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    member_id: Mapped[str] = mapped_column(Id)
    referrer_id: Mapped[str | None] = mapped_column(Id)
    signal: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(7), default="open")
    opened_at: Mapped[datetime] = mapped_column(Instant)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[str | None] = mapped_column(String(80))
