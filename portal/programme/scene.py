"""Everything a receipt needs to know, read in one statement (P7c)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Select,
    String,
    bindparam,
    literal,
    literal_column,
    null,
    select,
)
from sqlalchemy.orm import Session

from portal.db import Direct, epoch, locks_reads
from portal.ledger import queries as ledger
from portal.ledger.book import Book
from portal.members import queries as members
from portal.members.lookup import LookupKind
from portal.members.person import Person, read_person
from portal.perks import queries as perks
from portal.programme.climbing import Climb, find_climb
from portal.programme.command import Command
from portal.programme.own_holiday import with_own_holiday
from portal.programme.rulebooks import ladder_met, rulebook_by_digest, tiers_since
from portal.programme.told import ToldReceipt
from portal.receipts import queries as receipts
from portal.rulebook.document import Rulebook
from portal.segments import queries as segments
from portal.staff import queries as staff
from portal.staff.roles import require_standing
from portal.tiers import queries as tiers

_AT = bindparam("at", type_=BigInteger)
_REACH = ledger.Reach(bindparam("spends", type_=BigInteger), until=bindparam("until", type_=BigInteger))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What was found for a told receipt. A guest has no person and no books; who earns nothing yet has an empty book.

    Books are brought to the present, and the `climb` with them (None: no ladder). Those `above` are of who brought the
    referrer, and who brought that one. Of codes shown, `issued_codes` were ever issued; `guesses` counts wrong ones by
    who named them lately.
    """

    remembered: receipts.Remembered | None
    recorded: receipts.Recorded | None
    rulebook: Rulebook
    person: Person | None
    history: receipts.History
    privileges: tuple[perks.HeldPrivilege, ...]
    coupons: tuple[perks.HeldCoupon, ...]
    segments: dict[str, segments.Assigned]
    book: Book | None
    referrer: Book | None
    agent: Book | None
    above: tuple[Book | None, ...] = ()
    climb: Climb | None = None
    issued_codes: frozenset[str] = frozenset()
    guesses: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def member_id(self) -> str | None:
        """The buyer's id, None for a guest."""
        return None if self.person is None else self.person.id


def read_scene(session: Session, told: ToldReceipt, command: Command) -> Scene:
    """Read everything about a told receipt at once. Raises `NoRulebook`, or `KeyRevoked` without a standing API key."""
    receipt, member = told.receipt, told.member
    since = tiers_since(receipt.at)
    day = receipt.at.astimezone(UTC)  # the shop's own day is this one or a neighbour, whatever its zone
    asked: dict[str, Any] = {
        "api_key": command.api_key,
        "client": command.client,
        "key": command.key,
        "store": receipt.store,
        "number": receipt.number,
        "at": epoch(receipt.at),
        "kept_since": epoch(since),
        "spends": int(bool(receipt.points_requested or told.hold) or locks_reads(session)),
        "until": epoch(max(receipt.at, command.now)),
        members.MEMBER_KEY: member.value if member else None,
        **{f"day{n}": str((day + timedelta(days=n - 1)).date()) for n in range(3)},
    }
    kind, climbs = member.kind if member else None, ladder_met()
    if receipt.coupons:
        asked |= {"codes": list(receipt.coupons), "guessed_since": epoch(command.now - perks.WINDOW)}
        row = session.connection().execute(_with_coupons(kind, climbs=climbs), asked).one()
    else:
        row = _direct(kind, climbs=climbs).one(session, asked)
    standing, version, *row = row
    require_standing(command.api_key, standing=standing)
    rulebook = rulebook_by_digest(session, version)
    if rulebook.tiers and not climbs:
        return read_scene(session, told, command)  # the process has met its first ladder just now
    return _read(session, rulebook, row, at=receipt.at, since=since, now=command.now)


def _read(
    session: Session, rulebook: Rulebook, row: Sequence[Any], *, at: datetime, since: datetime, now: datetime
) -> Scene:
    told, told_receipt, shown, guessed, buyer, past, held, places, stood, bought, kept, buyer_id, active, *others = row
    referrer_id, agent_id, *above = (each if each in (active or ()) else None for each in others)
    person = read_person(buyer)
    books = ledger.read_books(kept, members=(buyer_id, referrer_id, agent_id, *above), now=now)
    history = receipts.read_history(past, at=at, day=str(at.astimezone(rulebook.zone).date()))
    return Scene(
        remembered=receipts.read_remembered(told),
        recorded=receipts.read_recorded(told_receipt),
        rulebook=rulebook,
        person=person,
        history=history,
        privileges=_rights(session, held, person, rulebook, at=at),
        coupons=perks.read_coupons(shown, member_id=buyer_id),
        segments=segments.read_assigned(places),
        book=books.get(buyer_id),
        referrer=books.get(referrer_id),
        agent=books.get(agent_id),
        above=tuple(books.get(each) for each in above),
        climb=find_climb(
            session,
            rulebook,
            buyer_id,
            stored=tiers.read_standing(stood),
            totals=history.kept,
            kept=receipts.read_kept(bought),
            since=since,
            at=at,
        ),
        issued_codes=perks.issued_codes(shown),
        guesses=perks.read_guesses(guessed),
    )


def _rights(
    session: Session, held: Any, person: Person | None, rulebook: Rulebook, *, at: datetime
) -> tuple[perks.HeldPrivilege, ...]:
    rights = perks.read_privileges(held, at=at)
    return rights if person is None else with_own_holiday(session, rights, rulebook, person.id, person.holiday, at=at)


@lru_cache(maxsize=16)
def _direct(kind: LookupKind | None, *, climbs: bool) -> Direct:
    return Direct(_statement(kind, climbs=climbs, coupons=lambda _: (null(), null())))


@lru_cache(maxsize=16)
def _with_coupons(kind: LookupKind | None, *, climbs: bool) -> Select[*tuple[Any, ...]]:
    return _statement(kind, climbs=climbs, coupons=_coupons_shown)


def _coupons_shown(member_id: ColumnElement[Any] | None) -> tuple[ColumnElement[Any], ...]:
    """Return columns with the coupons shown, and with the wrong codes of the client and the member."""
    askers = [_text("client")] if member_id is None else [_text("client"), literal("member:") + member_id]
    guesses = perks.guesses_column(askers, since=bindparam("guessed_since", type_=BigInteger))
    return perks.coupons_column(bindparam("codes", expanding=True), _AT), guesses


def _statement(
    kind: LookupKind | None,
    *,
    climbs: bool,
    coupons: Callable[[ColumnElement[Any] | None], tuple[ColumnElement[Any], ...]],
) -> Select[*tuple[Any, ...]]:
    """Compose the one statement: a column for each thing to know, in the order in which `_read` takes them."""
    days = [_text(f"day{n}") for n in range(3)]
    asked = [
        staff.standing_key_column(_text("api_key")),
        receipts.version_column(_AT),
        receipts.remembered_column(_text("client"), _text("key")),
        receipts.recorded_column(_text("store"), _text("number")),
    ]
    if kind is None:
        guest = literal_column("null")
        history = receipts.history_column(literal_column("null"), at=_AT, days=days)
        return _named(*asked, *coupons(None), guest, history, *[guest] * 9)
    parties = members.parties_by(kind)
    member_id = parties.member_id
    since = bindparam("kept_since", type_=BigInteger)
    return _named(
        *asked,
        *coupons(member_id),
        parties.person,
        receipts.history_column(member_id, at=_AT, days=days),
        perks.privileges_column(member_id, _AT),
        segments.assigned_column(member_id),
        tiers.standing_column(member_id, at=_AT) if climbs else null(),
        receipts.kept_column(member_id, since=since) if climbs else null(),
        ledger.books_column(member_id, *parties.others, reach=_REACH),
        member_id,
        parties.active,
        *parties.others,
    ).select_from(parties.row)


def _named(*columns: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    return select(*(column.label(f"column{n}") for n, column in enumerate(columns)))


def _text(name: str) -> BindParameter[str]:
    return bindparam(name, type_=String)
