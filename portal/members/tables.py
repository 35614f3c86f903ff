"""Members, and apart from them everything that says who they are: erasing a person changes no number (security.md §5).

Contacts stand in clear only in `identity`. Elsewhere they are keyed hashes, and nothing names a person.
"""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Id, Instant, append_only

_SERIAL = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only an INTEGER PRIMARY KEY
_SHA256 = String(64)


class Member(Base):
    """The pseudonym that points, receipts and consents hang on. Never deleted; an erased member has no card number.

    Who brought the referrer, and who brought that one, is written beside, so that a purchase need not look for them.
    """

    __tablename__ = "member"
    __table_args__ = (
        CheckConstraint("state in ('active', 'left')", name="state"),
        CheckConstraint("(left_at is null) = (state = 'active')", name="left"),
        CheckConstraint("referrer_id <> id", name="referrer"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    card_number: Mapped[str | None] = mapped_column(String(10), unique=True)
    state: Mapped[str] = mapped_column(String(6), default="active")
    joined_at: Mapped[datetime] = mapped_column(Instant)
    left_at: Mapped[datetime | None] = mapped_column(Instant)
    language: Mapped[str] = mapped_column(String(8))
    time_zone: Mapped[str | None] = mapped_column(String(64))
    referrer_id: Mapped[str | None] = mapped_column(Id, ForeignKey("member.id"), index=True)
    referred_by: Mapped[str | None] = mapped_column(String(120))
    agent_id: Mapped[str | None] = mapped_column(Id, ForeignKey("member.id"), index=True)
    contact_changed_at: Mapped[datetime | None] = mapped_column(Instant)
    second_referrer_id: Mapped[str | None] = mapped_column(Id, index=True)
    third_referrer_id: Mapped[str | None] = mapped_column(Id, index=True)


class Identity(Base):
    """The person behind a member: the one table that erasure deletes from.

    `email` is what mail is sent to; `email_person` drops tags and dots and tells only whether somebody was here before.
    `external` is the shop's own reference of imported members; it goes with the person.
    """

    __tablename__ = "identity"
    __table_args__ = (
        CheckConstraint("birthday is null or birthday_given_at is not null", name="birthday"),
        CheckConstraint("holiday is null or holiday_given_at is not null", name="holiday"),
        CheckConstraint("(email is null) = (email_person is null)", name="email"),
    )

    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(String(16), unique=True)
    phone_verified_at: Mapped[datetime | None] = mapped_column(Instant)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    email_person: Mapped[str | None] = mapped_column(String(254), index=True)
    email_verified_at: Mapped[datetime | None] = mapped_column(Instant)
    external: Mapped[str | None] = mapped_column(String(80), unique=True)
    birthday: Mapped[date | None] = mapped_column()
    birthday_given_at: Mapped[datetime | None] = mapped_column(Instant)
    birthday_changed_at: Mapped[datetime | None] = mapped_column(Instant)
    holiday: Mapped[date | None] = mapped_column()
    holiday_title: Mapped[str | None] = mapped_column(String(80))
    holiday_given_at: Mapped[datetime | None] = mapped_column(Instant)
    holiday_changed_at: Mapped[datetime | None] = mapped_column(Instant)


class ShownNews(Base):
    """Up to which entry a member was shown what is new: a moment is celebrated once, on whichever phone."""

    __tablename__ = "shown_news"

    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    up_to: Mapped[int]


class ContactTombstone(Base):
    """The keyed hash of a contact somebody gave up, kept only so that nobody is welcomed twice (domain.md §2.7)."""

    __tablename__ = "contact_tombstone"

    contact_hash: Mapped[str] = mapped_column(_SHA256, primary_key=True)
    buried_at: Mapped[datetime] = mapped_column(Instant, index=True)


class ConsentText(Base):
    """The exact words a member was shown, one row per version, purpose and language. Never changed."""

    __tablename__ = "consent_text"

    purpose: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[str] = mapped_column(String(20), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(_SHA256)
    added_at: Mapped[datetime] = mapped_column(Instant)


class Consent(Base):
    """One decision of one member about one purpose. Never changed; the last one of a purpose and channel holds."""

    __tablename__ = "consent"
    __table_args__ = (
        CheckConstraint("decision in ('granted', 'refused', 'withdrawn')", name="decision"),
        Index("ix_consent_member_id", "member_id", "purpose", "number"),
    )

    number: Mapped[int] = mapped_column(_SERIAL, primary_key=True, autoincrement=True)
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"))
    purpose: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str | None] = mapped_column(String(16))
    decision: Mapped[str] = mapped_column(String(9))
    text_version: Mapped[str] = mapped_column(String(20))
    text_language: Mapped[str] = mapped_column(String(8))
    text_sha256: Mapped[str] = mapped_column(_SHA256)
    at: Mapped[datetime] = mapped_column(Instant)
    source: Mapped[str] = mapped_column(String(16))
    proof: Mapped[str | None] = mapped_column(String(64))


class SignInCode(Base):
    """A code sent to a contact, bound to the browser that asked. Limits are counted from these rows."""

    __tablename__ = "sign_in_code"
    __table_args__ = (
        Index("ix_sign_in_code_contact_hash", "contact_hash", "created_at"),
        Index("ix_sign_in_code_address_hash", "address_hash", "created_at"),
        Index("ix_sign_in_code_block_hash", "block_hash", "created_at"),
        Index("ix_sign_in_code_prefix", "prefix", "created_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    contact_hash: Mapped[str] = mapped_column(_SHA256)
    prefix: Mapped[str | None] = mapped_column(String(8))
    purpose: Mapped[str] = mapped_column(String(16))
    asked_by: Mapped[str] = mapped_column(_SHA256)
    address_hash: Mapped[str] = mapped_column(_SHA256)
    block_hash: Mapped[str] = mapped_column(_SHA256)
    code_hash: Mapped[str] = mapped_column(_SHA256)
    created_at: Mapped[datetime] = mapped_column(Instant, index=True)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    failures: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class SignInGate(Base):
    """A row to queue at: who counts codes of a contact, an address or the day holds it until commit."""

    __tablename__ = "sign_in_gate"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    touched_at: Mapped[datetime] = mapped_column(Instant, index=True)


class LoginSession(Base):
    """A signed-in browser. `open_until` guards private pages, `fresh_until` what wants a code just typed."""

    __tablename__ = "login_session"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    token_hash: Mapped[str] = mapped_column(_SHA256, unique=True)
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), index=True)
    label: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    open_until: Mapped[datetime] = mapped_column(Instant)
    fresh_until: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class CardDevice(Base):
    """A phone that draws the rotating code with its own key; its last accepted window ends replays (pwa.md §2).

    `last_shown_to` is the till that saw that window, `last_shown_under` names the scan, `spent_for` the receipt it paid
    for. `handed_at` is when the phone was given the key, once; until then only the server draws with it.
    """

    __tablename__ = "card_device"
    __table_args__ = (UniqueConstraint("session_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), index=True)
    session_id: Mapped[str | None] = mapped_column(Id, ForeignKey("login_session.id"))
    key: Mapped[str] = mapped_column(_SHA256)
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_window: Mapped[int | None] = mapped_column(BigInteger)
    last_shown_at: Mapped[datetime | None] = mapped_column(Instant)
    last_shown_to: Mapped[str | None] = mapped_column(String(64))
    spent_for: Mapped[str | None] = mapped_column(String(160))
    bad_macs: Mapped[int] = mapped_column(default=0)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    handed_at: Mapped[datetime | None] = mapped_column(Instant)
    last_shown_under: Mapped[str | None] = mapped_column(String(200))


append_only(ConsentText.__table__)
append_only(Consent.__table__)
