"""Members as an import knows them: read many in one statement, kept in memory between chunks.

What is kept is not trusted: books and histories are written with the number they were read with, so that a member whom
a till served meanwhile makes the chunk `Stale`, and the second try reads everybody anew.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, literal, select
from sqlalchemy.orm import Session

from portal.db import Batch, Id, Instant
from portal.ledger import operations as ledger
from portal.ledger import queries as books
from portal.ledger.book import Book
from portal.members import queries as members
from portal.members.person import Person, read_person
from portal.members.queries.references import ids_among
from portal.perks import queries as perks
from portal.programme.climbing import Climb, find_climb
from portal.programme.past_deeds import ReadAhead
from portal.programme.scene import Scene
from portal.receipts import queries as receipts
from portal.receipts.queries import History
from portal.rulebook.document import Rulebook
from portal.rulebook.tiers import Change
from portal.segments import queries as segments
from portal.tiers import operations as tiers
from portal.tiers.queries import read_standing, standing_column
from portal.tiers.stored import Stored

_LAST = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Account:
    """One member between receipts. `uses_rights`: a receipt opened or used something, so it must be read again."""

    person: Person
    referrer_id: str | None
    agent_id: str | None
    above: tuple[str | None, ...]
    history: History
    privileges: tuple[perks.HeldPrivilege, ...]
    segments: dict[str, segments.Assigned]
    book: Book
    stored: Stored
    kept: tuple[receipts.KeptReceipt, ...]
    changes: tuple[Change, ...] = ()
    judged_by: str = ""
    turned: bool = False
    uses_rights: bool = False

    @property
    def sides(self) -> tuple[str, ...]:
        """Who else may earn by this member's receipts."""
        return tuple(name for name in (self.referrer_id, self.agent_id, *self.above) if name)

    def bought(self, *, at: datetime, net: int, due: int) -> None:
        """Count a purchase that is not older than the last one."""
        count = self.history.stored_purchases + 1
        self.history = replace(
            self.history,
            stored_purchases=count,
            purchases=count,
            stored_last_at=at,
            last_at=at,
            stored_last_net=net,
            last_net=net,
            kept=self.history.kept.plus(due),
        )
        self.turned = True

    def climbed(self, climb: Climb) -> None:
        """Go on from where a purchase left the member; changes are written with the rest of the chunk."""
        self.changes, self.judged_by = (*self.changes, *climb.changes), climb.label
        self.stored = replace(self.stored, tier=climb.standing.tier, since=climb.standing.since)

    def write_changes(self, batch: Batch, *, now: datetime) -> None:
        """Put what changed in the member's tier into a batch."""
        standing, number = self.stored.standing(), self.stored.number
        tiers.move(
            batch, self.person.id, self.changes, standing=standing, number=number, rulebook=self.judged_by, now=now
        )

    def written(self) -> None:
        """Go on after everything was stored."""
        self.book = self.book.written()
        if self.changes:
            self.stored = replace(self.stored, number=self.stored.number + len(self.changes))
            self.changes = ()
        if self.turned:
            self.history = replace(self.history, turns=self.history.turns + 1)
            self.turned = False


def scene_of(
    session: Session, accounts: dict[str, Account], buyer: str | None, rulebook: Rulebook, *, at: datetime
) -> Scene:
    """Return what `read_scene` would have found for a receipt of the instant `at`.

    The database is asked for nothing but the friends, where the ladder counts them.
    """
    account = accounts[buyer] if buyer else None
    if account is None:
        return Scene(
            remembered=None, recorded=None, rulebook=rulebook, person=None, history=History(), privileges=(),
            coupons=(), segments={}, book=None, referrer=None, agent=None,
        )  # fmt: skip
    parties = {name: accounts[name].book for name in account.sides}
    for book in (account.book, *parties.values()):
        book.advance(at)
    return Scene(
        remembered=None,
        recorded=None,
        rulebook=rulebook,
        person=account.person,
        history=account.history,
        privileges=tuple(each for each in account.privileges if each.opened_at <= at < each.until),
        coupons=(),
        segments=account.segments,
        book=account.book,
        referrer=parties.get(account.referrer_id or ""),
        agent=parties.get(account.agent_id or ""),
        above=tuple(parties.get(name or "") for name in account.above),
        climb=_climb_of(session, account, rulebook, at=at),
    )


def _climb_of(session: Session, account: Account, rulebook: Rulebook, *, at: datetime) -> Climb | None:
    if rulebook.tiers is None:
        return None
    return find_climb(
        session,
        rulebook,
        account.person.id,
        stored=replace(account.stored, judged_through=None),
        totals=account.history.kept,
        kept=account.kept,
        since=None,
        at=at,
        ahead=ReadAhead(),
    )


def read_accounts(session: Session, member_ids: Collection[str], *, now: datetime) -> Iterator[tuple[str, Account]]:
    """Read members as they are for receipts from `now` on; on a second try their books are locked first."""
    ledger.lock_books(session, member_ids)
    rows = session.execute(_statement(), {"ids": list(member_ids), "since": now, "last": _LAST})
    for row in rows:
        person = read_person(row.person)
        if person is not None:
            yield person.id, _account(row, person, now=now)


def _account(row: Any, person: Person, *, now: datetime) -> Account:
    return Account(
        person=person,
        referrer_id=row.referrer_id,
        agent_id=row.agent_id,
        above=(row.second_id, row.third_id),
        history=receipts.read_history(row.history, at=_LAST, day=""),
        privileges=perks.read_privileges(row.privileges, at=_LAST),
        segments=segments.read_assigned(row.segments),
        book=books.read_book(row.book, member=person.id, now=now),
        stored=read_standing(row.standing),
        kept=receipts.read_kept(row.kept),
    )


@lru_cache(maxsize=1)
def _statement() -> Select[*tuple[Any, ...]]:
    """Read as of the end of time, so that the kept counters answer; usage of capped rules is not in it."""
    last, since = bindparam("last", type_=Instant), bindparam("since", type_=Instant)
    member_id = ids_among(bindparam("ids", expanding=True, type_=Id)).cte("wanted").c.id
    second, third = members.active_above(member_id)
    return select(
        member_id,
        members.person_column(member_id).label("person"),
        members.active_referrer_of(member_id).label("referrer_id"),
        members.active_agent_of(member_id).label("agent_id"),
        second.label("second_id"),
        third.label("third_id"),
        receipts.history_column(member_id, at=last, days=()).label("history"),
        perks.privileges_column(member_id, since).label("privileges"),
        segments.assigned_column(member_id).label("segments"),
        books.book_column(member_id).label("book"),
        standing_column(member_id, at=last).label("standing"),
        receipts.kept_column(member_id, since=literal(0, BigInteger)).label("kept"),
    )
