"""Somebody joins: a member is made, consents are kept, and points welcome whoever was never here before."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.errors import Refused
from portal.ledger import operations as ledger
from portal.ledger.entries import Origin
from portal.members import operations as members
from portal.members.operations import Newcomer
from portal.outbox import operations as outbox
from portal.programme.bring_newcomer import Brought, Newly, bring_newcomer
from portal.programme.came_by import NOTHING, CameBy, find_came_by
from portal.programme.consents import CONSENTS, PROGRAMME, Consent, Language, consents_for, record_answers
from portal.programme.member_book import load_locked
from portal.programme.notices import Notice, announce
from portal.programme.rulebooks import NoRulebook, rulebook_in_force
from portal.rulebook.document import Rulebook
from portal.rulebook.points import Welcome
from portal.rulebook.validity import lot_dates
from portal.staff.operations import note_joined


class ConsentNeeded(Refused):
    code = "consent-needed"
    text = "Nobody joins without agreeing to the programme."


class UnknownConsent(Refused):
    code = "unknown-consent"
    text = "There is no such consent. These are asked for: %(known)s."


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcomed:
    """Points for joining, to be used through `last_valid_day`."""

    points: int
    last_valid_day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolAnswer:
    """Who it is now. `created` is false for a contact that was a member's already.

    `invite` says whether the invitation they came by counts: `ok`, or the gate's reason; None where there was none.
    """

    member_id: str
    created: bool
    welcome: Welcomed | None
    invite: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """How somebody joins: the consents granted, by key (`programme`, `marketing:email`), in the words of a language.

    `source` is the door (`join`, `till`, `api`, `import`), `proof` the typed code that says it was them, `at` when they
    joined, which an import tells later. `till_code` is that of the till whose screen led here, "" for none. `came_by`
    is the friend's code or the link.
    """

    granted: Collection[str]
    language: Language
    source: str
    proof: str | None
    at: datetime
    till_code: str = ""
    came_by: CameBy = NOTHING


def enrol_member(session: Session, newcomer: Newcomer, joining: Joining, *, secret: str, now: datetime) -> EnrolAnswer:
    """Find or make the member of these contacts; welcome points come once for each person, also after an erasure.

    For somebody who is a member already, what is granted now is added and nothing is withdrawn, and nobody brings them
    any more. Raises `ConsentNeeded`, `UnknownConsent`, `UnknownInvite` and what `find_or_enrol` raises.
    """
    granted = _read_consents(joining.granted)
    found = find_came_by(session, joining.came_by)
    enrolled = members.find_or_enrol(session, newcomer, secret=secret, joined_at=joining.at, now=now)
    asked = [consent for contact in newcomer.contacts for consent in consents_for(contact.kind)]
    told = dict.fromkeys([*asked, *granted] if enrolled.created else granted)
    record_answers(
        session,
        enrolled.member_id,
        [(consent, consent in granted) for consent in told],
        language=joining.language,
        source=joining.source,
        proof=joining.proof,
        now=now,
    )
    batch = Batch()
    newly = Newly(
        enrolled=enrolled, contacts=newcomer.contacts, rulebook=_rulebook(session, joining.at), at=joining.at, now=now
    )
    brought = bring_newcomer(session, batch, newly, found, secret=secret) if found and enrolled.created else None
    welcome = _welcome(session, batch, newly, brought) if enrolled.first_time else None
    if enrolled.created:
        payload = {"member_id": enrolled.member_id, "source": joining.source}
        outbox.tell(batch, "member.joined", member_id=enrolled.member_id, at=joining.at, payload=payload)
        if joining.till_code:
            note_joined(session, enrolled.member_id, code=joining.till_code, secret=secret, now=now)
        announce(batch, enrolled.member_id, [_greeting(welcome, brought, at=joining.at)], now=now)
    batch.flush(session)
    return EnrolAnswer(
        member_id=enrolled.member_id,
        created=enrolled.created,
        welcome=welcome,
        invite=brought.decision if brought else None,
    )


def _greeting(welcome: Welcomed | None, brought: Brought | None, *, at: datetime) -> Notice:
    last_day = welcome.last_valid_day if welcome else None
    facts = {"points": welcome.points if welcome else 0, "last_day": last_day and last_day.isoformat()}
    if brought and brought.decision != "ok":
        facts["missed"] = brought.decision
    return Notice(kind="welcome", cause=at.isoformat(timespec="seconds"), facts=facts, at=at)


def _read_consents(keys: Collection[str]) -> list[Consent]:
    if unknown := set(keys) - set(CONSENTS):
        raise UnknownConsent(known=", ".join(CONSENTS), unknown=len(unknown))
    if PROGRAMME.key not in keys:
        raise ConsentNeeded
    return [CONSENTS[key] for key in dict.fromkeys(keys)]


def _rulebook(session: Session, at: datetime) -> Rulebook | None:
    """Return the rules somebody joins under; before the first rulebook there are none."""
    try:
        return rulebook_in_force(session, at=at)
    except NoRulebook:
        return None


def _welcome(session: Session, batch: Batch, newly: Newly, brought: Brought | None) -> Welcomed | None:
    """Grant the rulebook's welcome, or what an invitation promises instead."""
    rulebook, promised = newly.rulebook, brought.welcome_points if brought else None
    if rulebook is None:
        return None
    welcome = rulebook.welcome or Welcome(points=0)
    points = rulebook.joining_points() if promised is None else promised
    if not points:
        return None
    book = load_locked(session, newly.member_id, now=newly.now)
    dates = lot_dates(newly.at, zone=rulebook.zone, pending_days=0, valid=welcome.valid)
    origin = Origin("welcome", rulebook=rulebook.seal)
    source = f"{newly.member_id}/welcome"
    details = {"title": welcome.title} if welcome.title else {}
    book.grant(points, at=newly.at, source=source, origin=origin, dates=dates, details=details)
    ledger.store(batch, book)
    return Welcomed(points=points, last_valid_day=dates.last_valid_day)
