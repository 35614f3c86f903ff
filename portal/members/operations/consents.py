"""Consents: the exact words first, then one row for each decision about them, kept for ever (security.md §5)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.members.queries.consents import Decision, ShownText, current_consents, find_text
from portal.members.tables import Consent, ConsentText


class ConsentTextFixed(Refused):
    code = "consent-text-fixed"
    status = 409
    text = "Version %(version)s of the consent %(purpose)s has other words. Give the new words a new version."


class UnknownConsentText(Refused):
    code = "unknown-consent-text"
    text = "There is no version %(version)s of the consent %(purpose)s in this language."


@dataclass(frozen=True, slots=True)
class Answer:
    """What a member answered to one consent that was shown in these words."""

    purpose: str
    granted: bool
    version: str
    language: str
    channel: str | None = None


def add_consent_text(
    session: Session, *, purpose: str, version: str, language: str, text: str, now: datetime
) -> ShownText:
    """Keep the exact words of a consent; the same again change nothing. Raises `ConsentTextFixed` for other words."""
    known = find_text(session, purpose=purpose, version=version, language=language)
    if known and known.text != text:
        raise ConsentTextFixed(version=version, purpose=purpose)
    if known:
        return known
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    shown = ShownText(purpose=purpose, version=version, language=language, text=text, sha256=sha256)
    row = {"purpose": purpose, "version": version, "language": language, "text": text, "sha256": sha256}
    session.execute(insert(ConsentText).values(row | {"added_at": now}))
    return shown


def record_consents(
    session: Session,
    member_id: str,
    answers: Sequence[Answer],
    *,
    source: str,
    proof: str | None = None,
    now: datetime,
) -> None:
    """Append what a member decided; an answer that changes nothing is not repeated.

    `source` is the door (`join`, `profile`, `till`, `api`, `import`), `proof` the typed code or session that says it
    was them. Saying no to what was granted is a withdrawal. Raises `UnknownConsentText`.
    """
    held = {(decision.purpose, decision.channel): decision for decision in current_consents(session, member_id)}
    for answer in answers:
        shown = find_text(session, purpose=answer.purpose, version=answer.version, language=answer.language)
        if shown is None:
            raise UnknownConsentText(version=answer.version, purpose=answer.purpose)
        before = held.get((answer.purpose, answer.channel))
        decision = _decision(answer, before)
        if before and (before.decision, before.text_sha256) == (decision, shown.sha256):
            continue
        _append(session, member_id, answer.channel, decision, shown, source=source, proof=proof, now=now)


def withdraw_consent(
    session: Session,
    member_id: str,
    *,
    purpose: str,
    channel: str | None = None,
    source: str,
    proof: str | None = None,
    now: datetime,
) -> None:
    """Append a withdrawal in the words that were granted; what is not granted stays as it is."""
    for decision in current_consents(session, member_id):
        if (decision.purpose, decision.channel, decision.decision) == (purpose, channel, "granted"):
            _withdraw(session, member_id, decision, source=source, proof=proof, now=now)


def withdraw_everything(session: Session, member_id: str, *, source: str, now: datetime) -> None:
    """Append a withdrawal of everything that is granted: the member leaves."""
    for decision in current_consents(session, member_id):
        if decision.decision == "granted":
            _withdraw(session, member_id, decision, source=source, proof=None, now=now)


def _decision(answer: Answer, before: Decision | None) -> str:
    if answer.granted:
        return "granted"
    return "withdrawn" if before and before.decision in {"granted", "withdrawn"} else "refused"


def _withdraw(
    session: Session, member_id: str, decision: Decision, *, source: str, proof: str | None, now: datetime
) -> None:
    shown = ShownText(
        purpose=decision.purpose,
        version=decision.text_version,
        language=decision.text_language,
        text="",
        sha256=decision.text_sha256,
    )
    _append(session, member_id, decision.channel, "withdrawn", shown, source=source, proof=proof, now=now)


def _append(
    session: Session,
    member_id: str,
    channel: str | None,
    decision: str,
    shown: ShownText,
    *,
    source: str,
    proof: str | None,
    now: datetime,
) -> None:
    row = {
        "member_id": member_id,
        "purpose": shown.purpose,
        "channel": channel,
        "decision": decision,
        "text_version": shown.version,
        "text_language": shown.language,
        "text_sha256": shown.sha256,
        "at": now,
        "source": source,
        "proof": proof,
    }
    session.execute(insert(Consent).values(row))
