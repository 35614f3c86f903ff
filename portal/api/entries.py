"""What the ledger says of a member: the balance of any instant, and the entries behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from portal.api.api import api
from portal.api.keys import Caller
from portal.api.values import Document, Instant, PageSize
from portal.ledger.entries import Entry
from portal.ledger.queries import newest_entries
from portal.members.lookup import by_id
from portal.programme.answers import BalanceAnswer
from portal.programme.explain_entry import UnknownEntry, explain_entry
from portal.programme.show_member import balance_of_member, find_member
from portal.web.transactions import session

_LONGEST_NUMBER = 15
SCOPES = ("till", "shop", "crm", "admin")


class AsOf(Document):
    """The instant to tell the balance of; now when it is not given."""

    at: Instant | None = None


class EntriesPage(Document):
    """Which page: `cursor` is the `next` of the page before."""

    cursor: Annotated[int, Field(ge=1, le=10**15)] | None = None
    limit: PageSize = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryAnswer:
    """One entry: `at` is when it counts, `posted_at` when it was told; `hash` chains it to the one before.

    Both are null for what is due and not posted yet. `postings` are the eight sides of the double entry that moved;
    they sum to zero.
    """

    number: int
    at: datetime
    posted_at: datetime | None
    kind: str
    wallet: str
    points: int
    cause: str
    receipt_id: str | None
    rule: str | None
    rulebook: str | None
    postings: Mapping[str, int]
    details: Mapping[str, Any]
    hash: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntriesAnswer:
    """Entries, newest first; `next` is the cursor of the page after, None on the last."""

    entries: tuple[EntryAnswer, ...]
    next: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedAnswer:
    """An entry in words: `title` is the rule's, `text` its arithmetic; both are "" where no rule gave the points."""

    number: int
    at: datetime
    kind: str
    cause: str
    wallet: str
    points: int
    title: str
    text: str
    receipt_id: str | None
    rulebook: str | None
    details: Mapping[str, Any]


@api.operation(
    "GET",
    "/members/<member_id>/balance",
    summary="Tell a balance as of any instant",
    scopes=SCOPES,
    parameters=AsOf,
    answers={200: BalanceAnswer},
    nature="reads",
)
def balance(caller: Caller, *, member_id: str, parameters: AsOf) -> BalanceAnswer:
    """Return the points as of an instant, past or to come, with what was due by then."""
    return balance_of_member(session(), by_id(member_id), at=parameters.at or caller.now)


@api.operation(
    "GET",
    "/members/<member_id>/entries",
    summary="List a member's entries",
    scopes=SCOPES,
    parameters=EntriesPage,
    answers={200: EntriesAnswer},
    nature="reads",
)
def entries(caller: Caller, *, member_id: str, parameters: EntriesPage) -> EntriesAnswer:
    """Return a page of the member's book, newest first; what is due and not posted yet is on it too."""
    found = find_member(session(), by_id(member_id))
    page = newest_entries(session(), found.id, now=caller.now, before=parameters.cursor, limit=parameters.limit)
    told = tuple(_answer(each, posted=place >= page.due) for place, each in enumerate(page.entries))
    return EntriesAnswer(entries=told, next=page.next)


@api.operation(
    "GET",
    "/members/<member_id>/entries/<number>",
    summary="Explain an entry",
    scopes=SCOPES,
    answers={200: ExplainedAnswer},
    nature="reads",
)
def entry(caller: Caller, *, member_id: str, number: str) -> ExplainedAnswer:
    """Tell why the points of an entry moved, in the caller's language."""
    if not (number.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER):
        raise UnknownEntry
    found = find_member(session(), by_id(member_id))
    explained = explain_entry(session(), found.id, int(number), language=caller.language, now=caller.now)
    line = explained.line
    return ExplainedAnswer(
        number=line.number,
        at=line.at,
        kind=line.kind,
        cause=line.cause,
        wallet=line.wallet,
        points=line.points,
        title=line.title,
        text=explained.text,
        receipt_id=line.receipt_id,
        rulebook=explained.rulebook,
        details=explained.details,
    )


def _answer(entry: Entry, *, posted: bool) -> EntryAnswer:
    return EntryAnswer(
        number=entry.number,
        at=entry.at,
        posted_at=entry.posted_at if posted else None,
        kind=entry.kind,
        wallet=entry.wallet,
        points=entry.points,
        cause=entry.origin.cause,
        receipt_id=entry.origin.receipt,
        rule=entry.origin.rule,
        rulebook=entry.origin.rulebook,
        postings=dict(entry.postings.moved()),
        details=entry.details,
        hash=entry.hash if posted else None,
    )
