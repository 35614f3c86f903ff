"""Somebody joined by an invitation: whether it counts, and what it gives to both (domain.md §5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.ledger import operations as ledger
from portal.ledger.accruals import POINTS
from portal.ledger.entries import Origin
from portal.members import operations as members
from portal.members.addresses import block
from portal.members.contacts import Contact
from portal.members.keyed import keyed_hash
from portal.members.operations import Enrolled
from portal.members.operations.gate import queue_at
from portal.members.queries import find_contacts
from portal.perks import operations as perks
from portal.programme.came_by import Found
from portal.programme.member_book import load_locked
from portal.programme.notices import Notice, announce
from portal.referrals import operations as referrals
from portal.referrals.gate import Attempt, Decision, decide
from portal.referrals.link import Link
from portal.referrals.operations import NewJoining
from portal.referrals.queries import accepted_since, device_known, neighbours_since
from portal.rulebook.document import Rulebook
from portal.rulebook.referral import REWARD_RULE, Referral
from portal.rulebook.validity import lot_dates, midnight_after
from portal.segments import operations as segments

NEIGHBOURS = 3
"""So many joinings by one invitation from one network within a day go to the list of reviews."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Newly:
    """Who joined just now, under which rules; `rulebook` is None before the first one."""

    enrolled: Enrolled
    contacts: tuple[Contact, ...]
    rulebook: Rulebook | None
    at: datetime
    now: datetime

    @property
    def member_id(self) -> str:
        return self.enrolled.member_id

    @property
    def terms(self) -> Referral:
        told = self.rulebook.referral if self.rulebook else None
        return told or Referral()


@dataclass(frozen=True, slots=True)
class Brought:
    """What the gate decided, and the welcome points that stand for the rulebook's (None: those)."""

    decision: Decision
    welcome_points: int | None


def bring_newcomer(session: Session, batch: Batch, newly: Newly, found: Found, *, secret: str) -> Brought:
    """Judge what a new member came by, note it, and reward whoever brought them. Rejected, they join as anybody."""
    inviter = found.invitation.referrer_id
    queue_at(session, [f"invitation:{found.invitation.place}"], now=newly.now)
    device = keyed_hash(secret, "device", found.came_by.device) if found.came_by.device else None
    network = keyed_hash(secret, "block", block(found.came_by.address)) if found.came_by.address else None
    decision = _decide(session, newly, found, device_hash=device)
    _note(session, newly, found, decision, device_hash=device, block_hash=network)
    if network is not None:
        _look_at_neighbours(session, newly, found, network)
    if decision != "ok":
        return Brought(decision, None)
    members.bring(session, newly.member_id, referrer_id=inviter, referred_by=found.invitation.name)
    if found.invitation.link is not None:
        _open_by_link(session, batch, newly, found.invitation.link)
    if inviter is not None:
        _reward(session, batch, newly, inviter)
    return Brought(decision, found.invitation.joining_points(newly.rulebook) if newly.rulebook else None)


def _decide(session: Session, newly: Newly, found: Found, *, device_hash: str | None) -> Decision:
    """Ask the gate; a link that is shut or full brings nobody. A new member stands above nobody: no ring can form."""
    inviter, link = found.invitation.referrer_id, found.invitation.link
    theirs = find_contacts(session, inviter) if inviter else None
    attempt = Attempt(
        same_person=_shared(newly.contacts, theirs or ()),
        known_person=not newly.enrolled.first_time,
        same_device=device_hash is not None and device_known(session, device_hash),
        accepted=accepted_since(session, inviter, since=_month(newly)) if inviter else 0,
        days_since_click=_days_since(newly, found.opened_at),
    )
    decision = decide(attempt, attribution_days=newly.terms.attribution_days, monthly_limit=newly.terms.monthly_limit)
    if decision != "ok" or link is None:
        return decision
    if not link.open(found.opened_at or newly.at):
        return "expired"
    return "ok" if referrals.count_join(session, link.id) else "limit"


def _shared(ours: Sequence[Contact], theirs: Sequence[Contact]) -> bool:
    persons = {(contact.kind, contact.person) for contact in theirs}
    return any((contact.kind, contact.person) in persons for contact in ours)


def _month(newly: Newly) -> datetime:
    """Return when the shop's calendar month began."""
    here = newly.at.astimezone(newly.rulebook.zone) if newly.rulebook else newly.at
    return here.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _days_since(newly: Newly, opened_at: datetime | None) -> int | None:
    """Count local days, so that the whole last day counts."""
    if opened_at is None:
        return None
    zone = newly.rulebook.zone if newly.rulebook else newly.at.tzinfo
    return (newly.at.astimezone(zone).date() - opened_at.astimezone(zone).date()).days


def _note(
    session: Session,
    newly: Newly,
    found: Found,
    decision: Decision,
    *,
    device_hash: str | None,
    block_hash: str | None,
) -> None:
    came_by, link = found.came_by, found.invitation.link
    joining = NewJoining(
        member_id=newly.member_id,
        referrer_id=found.invitation.referrer_id,
        link_id=link.id if link else None,
        came_by="code" if found.typed else "link",
        decision=decision,
        first_click_at=came_by.first.at if came_by.first else None,
        last_click_at=came_by.last.at if came_by.last else None,
        device_hash=device_hash,
        block_hash=block_hash,
        joined_at=newly.at,
    )
    referrals.note_joining(session, joining)


def _look_at_neighbours(session: Session, newly: Newly, found: Found, network: str) -> None:
    place, since = found.invitation.place, newly.now - _DAY
    if neighbours_since(session, network, place=place, since=since) >= NEIGHBOURS:
        inviter = found.invitation.referrer_id
        referrals.open_review(session, newly.member_id, inviter, signal="address_block", now=newly.now)


def _open_by_link(session: Session, batch: Batch, newly: Newly, link: Link) -> None:
    """Give what the link promises besides points: a place in a segment, a privilege, an agent."""
    terms = link.terms
    if terms.segment is not None:
        segments.assign(session, newly.member_id, segment=terms.segment, now=newly.now)
    if link.agent_id is not None:
        members.set_agent(session, newly.member_id, link.agent_id)
    if terms.privilege is not None and newly.rulebook is not None:
        zone = newly.rulebook.zone
        last = newly.at.astimezone(zone).date() + timedelta(days=terms.privilege_days or 0)
        perks.open_privilege(
            batch, newly.member_id, privilege=terms.privilege, at=newly.at, until=midnight_after(last, zone),
            uses=None, receipt_id=None,
        )  # fmt: skip


def _reward(session: Session, batch: Batch, newly: Newly, inviter: str) -> None:
    """Tell whoever brought them; give the points now where the rulebook does not wait for a kept purchase."""
    terms = newly.terms
    at_once = terms.referrer_bonus_when == "joined"
    if newly.rulebook is not None and terms.referrer_points and at_once:
        _grant(session, batch, newly, newly.rulebook, inviter)
    facts = {"points": terms.referrer_points if newly.rulebook else 0, "waits": not at_once}
    notice = Notice(kind="friend_joined", cause=newly.member_id, facts=facts, at=newly.at)
    announce(batch, inviter, [notice], now=newly.now)


def _grant(session: Session, batch: Batch, newly: Newly, rulebook: Rulebook, inviter: str) -> None:
    terms = newly.terms
    valid = terms.valid or rulebook.wallet(POINTS).valid
    book = load_locked(session, inviter, now=newly.now)
    book.grant(
        terms.referrer_points,
        at=newly.at,
        source=f"{newly.member_id}/brought",
        origin=Origin("referral", rule=REWARD_RULE, rulebook=rulebook.seal),
        dates=lot_dates(newly.at, zone=rulebook.zone, pending_days=0, valid=valid),
        details={"title": terms.shown_title},
    )
    ledger.store(batch, book)
