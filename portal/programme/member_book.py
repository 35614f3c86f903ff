"""A member with their book and the rulebook of the moment, read in one statement."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import BigInteger, String, bindparam, select
from sqlalchemy.orm import Session

from portal.db import Direct, epoch, locks_reads
from portal.ledger import operations as locks
from portal.ledger import queries as ledger
from portal.ledger.book import Book
from portal.members import queries as members
from portal.members.lookup import Lookup, LookupKind
from portal.members.operations.identify import MemberLeft, UnknownMember
from portal.members.person import Person, read_person
from portal.perks import queries as perks
from portal.programme.climb_column import KEPT_SINCE, climb_column, read_climb
from portal.programme.climbing import Climb
from portal.programme.locking import lock_parties
from portal.programme.own_holiday import with_own_holiday
from portal.programme.rulebooks import rulebook_by_digest, tiers_since
from portal.receipts import queries as receipts
from portal.rulebook.document import Rulebook
from portal.staff import queries as staff
from portal.staff.roles import require_standing

_AT = bindparam("at", type_=BigInteger)
_REACH = ledger.Reach(bindparam("spends", type_=BigInteger), until=_AT)


@dataclass(frozen=True, slots=True)
class MemberBook:
    """A member, the book brought to the present, the rulebook in force, and what is held for receipts to come."""

    person: Person
    book: Book
    rulebook: Rulebook
    privileges: tuple[perks.HeldPrivilege, ...]
    coupons: tuple[perks.HeldCoupon, ...]
    climb: Climb | None


def read_member_book(
    session: Session, lookup: Lookup, *, now: datetime, api_key: str | None = None, spends: bool = True
) -> MemberBook:
    """Read an active member for a command; a second try locks the book. What `spends` nothing takes sums of lots.

    Raises `UnknownMember`, `MemberLeft` or `NoRulebook`, and `KeyRevoked` when this API key does not stand.
    """
    lock_parties(session, lookup)
    since = tiers_since(now)
    found = {members.MEMBER_KEY: lookup.value, "at": epoch(now), KEPT_SINCE: epoch(since), "api_key": api_key}
    found["spends"] = int(spends or locks_reads(session))
    standing, known, book, version, rights, coupons, climb = _statement(lookup.kind).one(session, found)
    require_standing(api_key, standing=standing)
    person = read_person(known)
    if person is None:
        raise UnknownMember
    if not person.active:
        raise MemberLeft
    rulebook, held = rulebook_by_digest(session, version), perks.read_privileges(rights, at=now)
    return MemberBook(
        person,
        ledger.read_book(book, member=person.id, now=now),
        rulebook,
        privileges=with_own_holiday(session, held, rulebook, person.id, person.holiday, at=now),
        coupons=perks.read_coupons(coupons, member_id=person.id),
        climb=read_climb(session, rulebook, person.id, climb, since=since, at=now),
    )


def load_locked(
    session: Session, member_id: str, *, now: datetime, sources: tuple[str, ...] = (), hold: str | None = None
) -> Book:
    """Lock a book and read it with what a command names."""
    locks.take_books(session, [member_id])
    return ledger.load(session, member_id, now=now, sources=sources, hold=hold)


@lru_cache(maxsize=8)
def _statement(kind: LookupKind) -> Direct:
    buyer = members.found_by(kind)
    columns = (
        staff.standing_key_column(bindparam("api_key", type_=String)).label("standing"),
        members.person_column(buyer.c.id).label("person"),
        ledger.book_column(buyer.c.id, reach=_REACH).label("book"),
        receipts.version_column(_AT).label("version"),
        perks.privileges_column(buyer.c.id, _AT).label("privileges"),
        perks.own_coupons_column(buyer.c.id, _AT).label("coupons"),
        climb_column(buyer.c.id, at=_AT).label("climb"),
    )
    return Direct(select(*columns).select_from(buyer))  # from here, so that no column joins it once more
