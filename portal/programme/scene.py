"""Everything a receipt needs to know, read in one statement (P7c)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, String, bindparam, literal, null, select
from sqlalchemy.orm import Session

from portal.db import Instant
from portal.ledger import queries as ledger
from portal.ledger.book import Book
from portal.members import queries as members
from portal.members.lookup import LookupKind
from portal.members.person import Person, read_person
from portal.perks import queries as perks
from portal.programme.command import Command
from portal.programme.rulebooks import rulebook_by_digest
from portal.programme.told import ToldReceipt
from portal.receipts import queries as receipts
from portal.rulebook.document import Rulebook
from portal.segments import queries as segments

_PARTIES = ("book", "referrer_id", "referrer", "agent_id", "agent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What was found for a told receipt. A guest has no person and no books; who earns nothing yet has an empty book.

    Books are brought to the present.
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

    @property
    def member_id(self) -> str | None:
        """The buyer's id, None for a guest."""
        return None if self.person is None else self.person.id


def read_scene(session: Session, told: ToldReceipt, command: Command) -> Scene:
    """Read everything about a told receipt at once. Raises `NoRulebook`."""
    receipt, member = told.receipt, told.member
    statement = _statement(member.kind if member else None, with_coupons=bool(receipt.coupons))
    day = receipt.at.astimezone(UTC)  # the shop's own day is this one or a neighbour, whatever its zone
    days = [str((day + timedelta(days=shift)).date()) for shift in (-1, 0, 1)]
    asked = {
        "client": command.client,
        "key": command.key,
        "store": receipt.store,
        "number": receipt.number,
        "at": receipt.at,
        "codes": list(receipt.coupons),
        members.MEMBER_KEY: member.value if member else None,
        **{f"day{n}": day for n, day in enumerate(days)},
    }
    row = session.connection().execute(statement, asked).one()  # past the mapper: there is nothing to map
    return _read(session, row, at=receipt.at, now=command.now)


def _read(session: Session, row: Any, *, at: datetime, now: datetime) -> Scene:
    rulebook = rulebook_by_digest(session, row.version)
    person = read_person(row.person)
    day = str(at.astimezone(rulebook.zone).date())
    member_id = None if person is None else person.id
    books = _books({member_id: row.book, row.referrer_id: row.referrer, row.agent_id: row.agent}, now=now)
    return Scene(
        remembered=receipts.read_remembered(row.remembered),
        recorded=receipts.read_recorded(row.recorded),
        rulebook=rulebook,
        person=person,
        history=receipts.read_history(row.history, at=at, day=day),
        privileges=perks.read_privileges(row.privileges, at=at),
        coupons=perks.read_coupons(row.coupons, member_id=member_id),
        segments=segments.read_assigned(row.segments),
        book=books.get(member_id),
        referrer=books.get(row.referrer_id),
        agent=books.get(row.agent_id),
    )


def _books(documents: dict[str | None, Any], *, now: datetime) -> dict[str | None, Book]:
    """Read each member's book once, also when one person has two parts in a receipt."""
    return {member: ledger.read_book(row, member=member, now=now) for member, row in documents.items() if member}


@lru_cache(maxsize=16)
def _statement(kind: LookupKind | None, *, with_coupons: bool) -> Select[*tuple[Any, ...]]:
    at = bindparam("at", type_=Instant)
    days = [bindparam(f"day{n}", type_=String) for n in range(3)]
    asked = [
        receipts.remembered_column(_text("client"), _text("key")).label("remembered"),
        receipts.recorded_column(_text("store"), _text("number")).label("recorded"),
        receipts.version_column(at).label("version"),
        (perks.coupons_column(bindparam("codes", expanding=True), at) if with_coupons else null()).label("coupons"),
    ]
    if kind is None:
        nobody = {name: null() for name in (*_PARTIES, "person", "privileges", "segments")}
        history = receipts.history_column(literal(None, String), at=at, days=days)
        return select(*asked, history.label("history"), *(column.label(name) for name, column in nobody.items()))
    buyer = select(members.member_id_by(kind).label("id")).cte("buyer").prefix_with("MATERIALIZED")
    with_sides = (
        select(
            buyer.c.id,
            members.active_referrer_of(buyer.c.id).label("referrer_id"),
            members.active_agent_of(buyer.c.id).label("agent_id"),
        )
        .cte("sides")
        .prefix_with("MATERIALIZED")
    )  # looked up once, not in each column
    member_id = with_sides.c.id
    return select(
        *asked,
        members.person_column(member_id).label("person"),
        receipts.history_column(member_id, at=at, days=days).label("history"),
        perks.privileges_column(member_id, at).label("privileges"),
        segments.assigned_column(member_id).label("segments"),
        ledger.book_column(member_id).label("book"),
        with_sides.c.referrer_id,
        with_sides.c.agent_id,
        ledger.book_column(with_sides.c.referrer_id).label("referrer"),
        ledger.book_column(with_sides.c.agent_id).label("agent"),
    )


def _text(name: str) -> Any:
    return bindparam(name, type_=String)
