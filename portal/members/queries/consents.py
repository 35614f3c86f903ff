"""Reads of consents: what holds now, and every decision with the words that were shown."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.members.tables import Consent, ConsentText


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision as it was recorded. `purpose` and `channel` together name what it is about."""

    purpose: str
    channel: str | None
    decision: str
    text_version: str
    text_language: str
    text_sha256: str
    at: datetime
    source: str
    proof: str | None


@dataclass(frozen=True, slots=True)
class ShownText:
    """The words of a consent and what identifies them."""

    purpose: str
    version: str
    language: str
    text: str
    sha256: str


_DECISION = select(
    Consent.purpose,
    Consent.channel,
    Consent.decision,
    Consent.text_version,
    Consent.text_language,
    Consent.text_sha256,
    Consent.at,
    Consent.source,
    Consent.proof,
)
_TEXT = select(ConsentText.purpose, ConsentText.version, ConsentText.language, ConsentText.text, ConsentText.sha256)


def consent_history(session: Session, member_id: str) -> list[Decision]:
    """Return every decision of a member, the oldest first."""
    rows = session.execute(_DECISION.where(Consent.member_id == member_id).order_by(Consent.number))
    return [Decision(*row) for row in rows]


def current_consents(session: Session, member_id: str) -> list[Decision]:
    """Return the last decision of each purpose and channel, in the order they were made."""
    last = (
        select(func.max(Consent.number))
        .where(Consent.member_id == member_id)
        .group_by(Consent.purpose, Consent.channel)
    )
    rows = session.execute(_DECISION.where(Consent.number.in_(last)).order_by(Consent.number))
    return [Decision(*row) for row in rows]


def has_consented(session: Session, member_id: str, *, purpose: str, channel: str | None = None) -> bool:
    """Tell whether the last decision about a purpose and channel was to grant it; ask again at the moment of use."""
    statement = (
        select(Consent.decision)
        .where(
            Consent.member_id == member_id,
            Consent.purpose == purpose,
            Consent.channel.is_(None) if channel is None else Consent.channel == channel,
        )
        .order_by(Consent.number.desc())
        .limit(1)
    )
    return session.scalar(statement) == "granted"


def current_text(session: Session, *, purpose: str, language: str) -> ShownText | None:
    """Return the newest words of a purpose in a language; None when there are none."""
    statement = (
        _TEXT.where(ConsentText.purpose == purpose, ConsentText.language == language)
        .order_by(ConsentText.added_at.desc(), ConsentText.version.desc())
        .limit(1)
    )
    row = session.execute(statement).one_or_none()
    return ShownText(*row) if row else None


def find_text(session: Session, *, purpose: str, version: str, language: str) -> ShownText | None:
    """Return the words of one version, so that any recorded decision can be proved."""
    statement = _TEXT.where(
        ConsentText.purpose == purpose, ConsentText.version == version, ConsentText.language == language
    )
    row = session.execute(statement).one_or_none()
    return ShownText(*row) if row else None
