"""The member's first screen, read in one statement with the sign-in (P7c); in some more when something is due."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam
from sqlalchemy.orm import Session

from portal.approvals.queries import Asked, asked_column, read_asked
from portal.db import Instant, epoch
from portal.ledger import queries as ledger
from portal.ledger.accruals import POINTS
from portal.ledger.balance import Glance
from portal.ledger.entries import Brief
from portal.members import queries as members
from portal.members.operations.identify import UnknownMember
from portal.members.person import Occasion
from portal.members.queries.sessions import (
    SIGN_IN_COLUMNS,
    SignedIn,
    asked_by,
    member_signed_in,
    read_sign_in,
    sign_in_and,
)
from portal.notifications.queries import unread_column
from portal.perks import queries as perks
from portal.programme.climb_column import KEPT_SINCE, climb_column, read_climb
from portal.programme.own_holiday import with_own_holiday
from portal.programme.rulebooks import rulebook_by_digest, tiers_since
from portal.programme.statement import StatementLine, statement_line
from portal.programme.tiers_shown import TierShown, shown_tier
from portal.programme.what_waits import GiftWaiting, OpenPrivilege, gifts_waiting, open_privilege
from portal.receipts import queries as receipts
from portal.rulebook.document import Rulebook
from portal.rulebook.explain.words import Language

NEWEST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Everything the first screen shows; `balance` counts points.

    `rulebook` tells the zone, the currency and what a point is worth; `unread` counts messages; `shown` is the number
    of the newest entry that was celebrated, `asked` what a till waits for at the moment. Lines that a purchase brought
    may lack their titles: a screen sums them up.
    """

    first_name: str
    card_number: str | None
    balance: Glance
    gifts: tuple[GiftWaiting, ...]
    privileges: tuple[OpenPrivilege, ...]
    lines: tuple[StatementLine, ...]
    rulebook: Rulebook
    unread: int
    shown: int
    asked: Asked | None
    tier: TierShown | None


@dataclass(frozen=True, slots=True)
class FoundHome:
    """The first screen as it was read, still to be told in the member's language."""

    member_id: str
    named: Any
    glance: Any
    newest: Any
    privileges: Any
    digest: str | None
    unread: int
    asked: Any
    climb: Any
    since: datetime


def find_home(session: Session, token: str, *, now: datetime) -> tuple[SignedIn, FoundHome] | None:
    """Return who signed in with this token, and their first screen; None as `find_session` does."""
    since = tiers_since(now)
    row = _HOME.first(session, {**asked_by(token, now=now), KEPT_SINCE: epoch(since)})
    if row is None:
        return None
    signed_in = read_sign_in(row, now=now)
    return signed_in, FoundHome(signed_in.member_id, *row[SIGN_IN_COLUMNS:], since=since)


def member_home(session: Session, found: FoundHome, *, language: Language, now: datetime) -> Home:
    """Tell the first screen of a member, right also when no job ran. Raises `UnknownMember` or `NoRulebook`."""
    person = members.read_named(found.named)
    if person is None:
        raise UnknownMember
    rulebook = rulebook_by_digest(session, found.digest)
    wallets, entries = ledger.read_glance(found.glance, now=now), ledger.read_briefs(found.newest)
    if wallets is None:
        wallets, entries = _by_the_book(session, found.member_id, entries, now=now)
    return Home(
        first_name=person.first_name,
        card_number=person.card_number,
        balance=wallets.get(POINTS, Glance()),
        gifts=gifts_waiting(wallets, rulebook, language=language),
        privileges=tuple(
            open_privilege(each, rulebook, language=language)
            for each in _rights(session, found, rulebook, person.holiday, at=now)
        ),
        lines=tuple(statement_line(entry, rulebook=rulebook, language=language) for entry in entries),
        rulebook=rulebook,
        unread=found.unread,
        shown=person.shown,
        asked=read_asked(found.asked),
        tier=_tier(session, found, rulebook, language=language, at=now) if rulebook.tiers else None,
    )


def _tier(
    session: Session, found: FoundHome, rulebook: Rulebook, *, language: Language, at: datetime
) -> TierShown | None:
    climb = read_climb(session, rulebook, found.member_id, found.climb, since=found.since, at=at)
    return shown_tier(climb, rulebook, language=language, at=at)


def _rights(
    session: Session, found: FoundHome, rulebook: Rulebook, holiday: Occasion | None, *, at: datetime
) -> tuple[perks.HeldPrivilege, ...]:
    held = perks.read_privileges(found.privileges, at=at)
    return with_own_holiday(session, held, rulebook, found.member_id, holiday, at=at)


def _by_the_book(
    session: Session, member_id: str, stored: list[Brief], *, now: datetime
) -> tuple[dict[str, Glance], list[Brief]]:
    """Return wallets and newest entries with what is due and was not posted yet."""
    book = ledger.load(session, member_id, now=now)
    wallets = {wallet: book.balance(now, wallet=wallet).glance() for wallet in book.pages.accounts}
    due = [entry.brief() for entry in reversed(book.entries)]
    return wallets, [*due, *stored][:NEWEST]


def _columns() -> tuple[ColumnElement[Any], ...]:
    member_id, now = member_signed_in(), bindparam("now", type_=Instant)
    return (
        members.named_column(member_id).label("named"),
        ledger.glance_column(member_id).label("glance"),
        ledger.briefs_column(member_id, limit=NEWEST, whole="purchase").label("newest"),
        perks.privileges_column(member_id, now).label("privileges"),
        receipts.version_column(now).label("version"),
        unread_column(member_id).label("unread"),
        asked_column(member_id, now).label("asked"),
        climb_column(member_id, at=now).label("climb"),
    )


_HOME = sign_in_and(*_columns())
