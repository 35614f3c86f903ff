"""Where the ledger stands in the database.

Foreign keys inside the ledger are left out on purpose: every posting would pay for them, and check-ledger proves more.
"""

from datetime import datetime
from typing import Any, get_args

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Id, Instant, Json, append_only
from portal.ledger.entries import Kind
from portal.ledger.holds import HoldState
from portal.ledger.postings import ACCOUNTS

_HASH = String(64)
_WALLET = String(60)
_NAME = String(80)
_DUE = text("due_at is not null")
_OPEN = text("remaining + held > 0")
_ACTIVE = text("state = 'active'")


class BookRow(Base):
    """One member's book: number and hash of its last entry. Whoever writes moves `entries` on from what was read.

    `due_at` is the next instant at which something happens by itself, or none.
    """

    __tablename__ = "book"
    __table_args__ = (
        CheckConstraint("entries > 0", name="entries"),
        Index("ix_book_due_at", "due_at", sqlite_where=_DUE, postgresql_where=_DUE),
    )

    member_id: Mapped[str] = mapped_column(Id, primary_key=True)
    entries: Mapped[int] = mapped_column(BigInteger)
    head: Mapped[str] = mapped_column(_HASH)
    due_at: Mapped[datetime | None] = mapped_column(Instant)


class AccountRow(Base):
    """What a member has in one wallet: the sums of his entries, kept with each posting."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("available >= 0", name="available"),
        CheckConstraint("pending >= 0", name="pending"),
        CheckConstraint("held >= 0", name="held"),
        CheckConstraint("debt <= 0", name="debt"),
        CheckConstraint("available = 0 or debt = 0", name="debt_first"),
    )

    member_id: Mapped[str] = mapped_column(Id, primary_key=True)
    wallet: Mapped[str] = mapped_column(_WALLET, primary_key=True)
    available: Mapped[int] = mapped_column(BigInteger)
    pending: Mapped[int] = mapped_column(BigInteger)
    held: Mapped[int] = mapped_column(BigInteger)
    debt: Mapped[int] = mapped_column(BigInteger)


class EntryRow(Base):
    """One entry. `source` is its name for ever; the eight postings sum to zero; `hash` chains it to the one before."""

    __tablename__ = "entry"
    __table_args__ = (
        CheckConstraint(" + ".join(ACCOUNTS) + " = 0", name="balanced"),
        CheckConstraint(f"kind in {get_args(Kind)}", name="kind").ddl_if(dialect="sqlite"),  # docs/decisions/0030
        CheckConstraint("number > 0", name="number"),
    )

    member_id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    source: Mapped[str] = mapped_column(String(240), unique=True)
    at: Mapped[datetime] = mapped_column(Instant)
    posted_at: Mapped[datetime] = mapped_column(Instant)
    kind: Mapped[str] = mapped_column(String(12))
    wallet: Mapped[str] = mapped_column(_WALLET)
    cause: Mapped[str] = mapped_column(_NAME)
    budget: Mapped[str | None] = mapped_column(_NAME)
    receipt_id: Mapped[str | None] = mapped_column(Id)
    rule: Mapped[str | None] = mapped_column(_NAME)
    rulebook: Mapped[str | None] = mapped_column(String(160))
    available: Mapped[int] = mapped_column(BigInteger)
    pending: Mapped[int] = mapped_column(BigInteger)
    held: Mapped[int] = mapped_column(BigInteger)
    debt: Mapped[int] = mapped_column(BigInteger)
    issued: Mapped[int] = mapped_column(BigInteger)
    redeemed: Mapped[int] = mapped_column(BigInteger)
    breakage: Mapped[int] = mapped_column(BigInteger)
    writeoff: Mapped[int] = mapped_column(BigInteger)
    lots: Mapped[list[list[int]]] = mapped_column(Json)
    details: Mapped[dict[str, Any]] = mapped_column(Json)
    hash: Mapped[str] = mapped_column(_HASH)


class LotRow(Base):
    """One lot, numbered by the entry that made it. `remaining` is neither spent nor held, run out or taken back."""

    __tablename__ = "lot"
    __table_args__ = (
        CheckConstraint("remaining >= 0 and held >= 0 and expired >= 0", name="points"),
        CheckConstraint("remaining + held + expired <= original", name="original"),
        CheckConstraint("reversed between 0 and original", name="reversed"),
        Index("ix_lot_open", "member_id", "expires_at", "number", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    member_id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    grant_number: Mapped[int] = mapped_column(BigInteger)
    wallet: Mapped[str] = mapped_column(_WALLET)
    original: Mapped[int] = mapped_column(BigInteger)
    remaining: Mapped[int] = mapped_column(BigInteger)
    earned_at: Mapped[datetime] = mapped_column(Instant)
    release_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    last_valid_day: Mapped[str | None] = mapped_column(String(10))
    released: Mapped[bool] = mapped_column()
    cause: Mapped[str] = mapped_column(_NAME)
    budget: Mapped[str | None] = mapped_column(_NAME)
    rule: Mapped[str | None] = mapped_column(_NAME)
    held: Mapped[int] = mapped_column(BigInteger)
    expired: Mapped[int] = mapped_column(BigInteger)
    reversed: Mapped[int] = mapped_column(BigInteger)


class HoldRow(Base):
    """Points set aside at a till. `takes` are pairs of lot and points, soonest expiring first."""

    __tablename__ = "hold"
    __table_args__ = (
        CheckConstraint("points > 0", name="points"),
        CheckConstraint(f"state in {get_args(HoldState)}", name="state"),
        CheckConstraint("(state = 'active') = (ended_at is null)", name="ended"),
        Index("ix_hold_active", "member_id", sqlite_where=_ACTIVE, postgresql_where=_ACTIVE),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    member_id: Mapped[str] = mapped_column(Id)
    number: Mapped[int] = mapped_column(BigInteger)
    wallet: Mapped[str] = mapped_column(_WALLET)
    points: Mapped[int] = mapped_column(BigInteger)
    takes: Mapped[list[list[int]]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(9))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class DebtRow(Base):
    """Points owed since the reversal of this number."""

    __tablename__ = "debt_item"
    __table_args__ = (CheckConstraint("remaining between 0 and points", name="points"),)

    member_id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    wallet: Mapped[str] = mapped_column(_WALLET)
    points: Mapped[int] = mapped_column(BigInteger)
    remaining: Mapped[int] = mapped_column(BigInteger)
    since: Mapped[datetime] = mapped_column(Instant)
    write_off_at: Mapped[datetime | None] = mapped_column(Instant)


class ConsumptionRow(Base):
    """Points that the redemption or capture of this number took from a lot; `restored` of them went back since."""

    __tablename__ = "consumption"
    __table_args__ = (CheckConstraint("points > 0 and restored between 0 and points", name="points"),)

    member_id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    lot: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    points: Mapped[int] = mapped_column(BigInteger)
    restored: Mapped[int] = mapped_column(BigInteger)


_LOT_ORIGIN = (
    "member_id", "number", "grant_number", "wallet", "original", "earned_at", "release_at", "expires_at",
    "last_valid_day", "cause", "budget", "rule",
)  # fmt: skip

append_only(EntryRow.__table__)
append_only(LotRow.__table__, columns=_LOT_ORIGIN)
append_only(HoldRow.__table__, columns=("id", "member_id", "number", "wallet", "points", "takes", "at", "expires_at"))
append_only(DebtRow.__table__, columns=("member_id", "number", "wallet", "points", "since", "write_off_at"))
append_only(ConsumptionRow.__table__, columns=("member_id", "number", "lot", "position", "points"))
