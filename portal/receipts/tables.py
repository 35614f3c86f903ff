"""Versions of the rulebook, receipts, refunds, and what is counted from them."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Id, Instant, Json, append_only

_SHA256 = String(64)


class RulebookVersion(Base):
    """One published version of the rulebook. Never changed; a receipt is judged by the version in force at its time."""

    __tablename__ = "rulebook_version"
    __table_args__ = (
        UniqueConstraint("name", "version"),
        Index("ix_rulebook_version_effective_from", "effective_from"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(_SHA256)
    document: Mapped[dict[str, Any]] = mapped_column(Json)
    effective_from: Mapped[datetime] = mapped_column(Instant)
    published_at: Mapped[datetime] = mapped_column(Instant)


class Receipt(Base):
    """A sale as it was told (`document`) and judged (`outcome`). Only `fully_returned` may change, once.

    `state` is the member and the coupons as the rules saw them: evaluating again gives the same outcome.

    `client` and `key` are those of the command that told it first; its answer stands beside them in `idempotency`.
    `net` is after discounts and before points; `used` names the privileges, coupons and segments it used up.
    """

    __tablename__ = "receipt"
    __table_args__ = (
        UniqueConstraint("store", "number"),
        Index("ix_receipt_member_id", "member_id", "at", "id"),
        CheckConstraint("gross >= net and net >= due and due >= 0", name="money"),
        CheckConstraint("points_spent >= 0 and earned >= 0", name="points"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    store: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(80))
    till: Mapped[str | None] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    client: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(200))
    member_id: Mapped[str | None] = mapped_column(Id)
    rulebook: Mapped[str] = mapped_column(String(160))
    rulebook_digest: Mapped[str] = mapped_column(_SHA256)
    digest: Mapped[str] = mapped_column(_SHA256)
    document: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[dict[str, Any]] = mapped_column(Json)
    outcome: Mapped[dict[str, Any]] = mapped_column(Json)
    used: Mapped[dict[str, Any]] = mapped_column(Json)
    gross: Mapped[int] = mapped_column(BigInteger)
    net: Mapped[int] = mapped_column(BigInteger)
    due: Mapped[int] = mapped_column(BigInteger)
    points_spent: Mapped[int] = mapped_column(BigInteger)
    earned: Mapped[int] = mapped_column(BigInteger)
    fully_returned: Mapped[bool] = mapped_column(default=False)


class Refund(Base):
    """Goods of a receipt brought back: the n-th refund of it. Never changed."""

    __tablename__ = "refund"
    __table_args__ = (UniqueConstraint("receipt_id", "number"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    receipt_id: Mapped[str] = mapped_column(Id, ForeignKey("receipt.id"))
    number: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    lines: Mapped[dict[str, Any]] = mapped_column(Json)
    result: Mapped[dict[str, Any]] = mapped_column(Json)
    money: Mapped[int] = mapped_column(BigInteger)
    points: Mapped[int] = mapped_column(BigInteger)


class TillEvidence(Base):
    """How a receipt or refund came about at a till, kept with it and never changed (product.md, till integrity).

    `id` is that of the receipt or refund; `seconds` lie between the card and the record, none where no card was shown.
    """

    __tablename__ = "till_evidence"
    __table_args__ = (
        CheckConstraint("subject in ('receipt', 'refund')", name="subject"),
        CheckConstraint("method in ('camera', 'wedge', 'typed', 'photo', 'joined')", name="method"),
        Index("ix_till_evidence_staff_id", "staff_id", "at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    subject: Mapped[str] = mapped_column(String(7))
    staff_id: Mapped[str] = mapped_column(Id)
    device_id: Mapped[str] = mapped_column(Id)
    method: Mapped[str] = mapped_column(String(6))
    seconds: Mapped[int | None] = mapped_column(Integer)
    queued: Mapped[bool]
    at: Mapped[datetime] = mapped_column(Instant)


class PurchaseHistory(Base):
    """What the rules ask about a member's earlier purchases: how many stand, and the last of them.

    `turns` counts the receipts and refunds told so far; who writes with an old number came too late. What was paid in
    money and kept: `kept_minor` of all purchases, `kept_purchases` of which any is, `kept_most` the largest of them.
    """

    __tablename__ = "purchase_history"
    __table_args__ = (
        CheckConstraint("purchases >= 0", name="purchases"),
        CheckConstraint("kept_minor >= kept_most and kept_most >= 0 and kept_purchases >= 0", name="kept"),
    )

    member_id: Mapped[str] = mapped_column(Id, primary_key=True)
    turns: Mapped[int] = mapped_column(BigInteger)
    purchases: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime | None] = mapped_column(Instant)
    last_net: Mapped[int | None] = mapped_column(BigInteger)
    kept_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    kept_purchases: Mapped[int] = mapped_column(Integer, default=0)
    kept_most: Mapped[int] = mapped_column(BigInteger, default=0)


class RuleUsage(Base):
    """How often and how much a capped rule has given. `day` is the shop's local day, or "" for all time.

    `member_id` is "" for the sum over all members, kept only for rules whose caps ask for it. Who writes with an old
    number of `turns` came too late.
    """

    __tablename__ = "rule_usage"
    __table_args__ = (CheckConstraint("points >= 0 and minor >= 0 and uses >= 0", name="amounts"),)

    member_id: Mapped[str] = mapped_column(Id, primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    rule: Mapped[str] = mapped_column(String(80), primary_key=True)
    points: Mapped[int] = mapped_column(BigInteger)
    minor: Mapped[int] = mapped_column(BigInteger)
    uses: Mapped[int] = mapped_column(BigInteger)
    turns: Mapped[int] = mapped_column(BigInteger)


class BirthdayUse(Base):
    """The birthday of one year that a receipt has used: once for each member and year."""

    __tablename__ = "birthday_use"

    member_id: Mapped[str] = mapped_column(Id, primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    receipt_id: Mapped[str] = mapped_column(Id)


class Idempotency(Base):
    """What a client was answered under a key, for ever (api.md General); of a receipt what its row does not say."""

    __tablename__ = "idempotency"

    client: Mapped[str] = mapped_column(String(80), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    operation: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(_SHA256)
    status: Mapped[int] = mapped_column(Integer)
    answer: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(Instant)


class Adjustment(Base):
    """Points given or taken by staff with a reason; large ones wait for a second person (domain.md §2.8)."""

    __tablename__ = "adjustment"
    __table_args__ = (
        CheckConstraint("points <> 0", name="points"),
        CheckConstraint("state in ('waiting', 'posted', 'rejected')", name="state"),
        CheckConstraint("decided_by is null or decided_by <> asked_by", name="four_eyes"),
        CheckConstraint("(decided_at is null) = (state = 'waiting')", name="decided"),
        Index("ix_adjustment_asked_by", "asked_by", "asked_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    member_id: Mapped[str] = mapped_column(Id, index=True)
    points: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(20))
    comment: Mapped[str] = mapped_column(Text)
    receipt_id: Mapped[str | None] = mapped_column(Id)
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(8))
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)


class MemberEvent(Base):
    """Something a member did elsewhere (a review, a visit), told once; an erasure empties its `fields`."""

    __tablename__ = "member_event"
    __table_args__ = (Index("ix_member_event_member_id", "member_id", "at"),)

    client: Mapped[str] = mapped_column(String(80), primary_key=True)
    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    type: Mapped[str] = mapped_column(String(40))
    member_id: Mapped[str] = mapped_column(Id)
    at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    fields: Mapped[dict[str, Any]] = mapped_column(Json)


_TOLD = tuple(column.name for column in Receipt.__table__.columns if column.name != "fully_returned")

append_only(RulebookVersion.__table__)
append_only(Receipt.__table__, columns=_TOLD)
append_only(Refund.__table__)
append_only(TillEvidence.__table__)
append_only(MemberEvent.__table__, columns=("client", "id", "type", "member_id", "at", "recorded_at"))
