"""Standings, every change of them, and how far the judging came."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Id, Instant, append_only

_TIER = String(100)


class TierStanding(Base):
    """A member's earned tier and since when; `number` counts the changes, who writes with an old one came too late.

    Whoever never rose has none. `manual_tier` was given by staff until an instant.
    """

    __tablename__ = "tier_standing"
    __table_args__ = (CheckConstraint("(manual_tier is null) = (manual_until is null)", name="manual"),)

    member_id: Mapped[str] = mapped_column(Id, primary_key=True)
    tier: Mapped[str] = mapped_column(_TIER)
    since: Mapped[datetime | None] = mapped_column(Instant)
    number: Mapped[int] = mapped_column(Integer)
    manual_tier: Mapped[str | None] = mapped_column(_TIER)
    manual_until: Mapped[datetime | None] = mapped_column(Instant)


class TierChange(Base):
    """The n-th change of a member's tier, why and by which rulebook. Never changed but for its reason, by an erasure.

    `held_since` is when the former tier was reached; `operator` and `reason` are those of a tier given by hand.
    """

    __tablename__ = "tier_change"
    __table_args__ = (
        CheckConstraint("cause in ('rise', 'period', 'refund', 'manual', 'manual_ended')", name="cause"),
        CheckConstraint("(operator is null) = (reason = '')", name="operator"),
    )

    member_id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    posted_at: Mapped[datetime] = mapped_column(Instant)
    from_tier: Mapped[str] = mapped_column(_TIER)
    to_tier: Mapped[str] = mapped_column(_TIER)
    cause: Mapped[str] = mapped_column(String(12))
    held_since: Mapped[datetime | None] = mapped_column(Instant)
    rulebook: Mapped[str] = mapped_column(String(160))
    operator: Mapped[str | None] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(Text, default="")


class TierWalk(Base):
    """How far everybody was judged: `periods` at ends of periods, `ladder` by rulebooks as they came into force.

    `keep` and `near` are how far members were told that a tier is about to be lost, or the next one near.
    """

    __tablename__ = "tier_walk"

    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    through: Mapped[datetime] = mapped_column(Instant)


append_only(
    TierChange.__table__,
    columns=tuple(column.name for column in TierChange.__table__.columns if column.name != "reason"),
)
