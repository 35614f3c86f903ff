"""What a member had done before an instant that lies behind: the end of a period stands by what was so at that end.

Between it and the job that judges it goods may come back; that waits for the next end (domain.md §4.1).
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from sqlalchemy.orm import Session

from portal.programme.qualified import qualified_friends
from portal.receipts.queries import KeptReceipt, refunds_since
from portal.rulebook.tiers import Deeds, GivenBack, Kept, Ladder

Before: TypeAlias = Callable[[datetime], Deeds]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAhead:
    """What was read for many members at once: friends who count (None: they were not), and refunds of late."""

    friends: tuple[datetime, ...] | None = None
    refunds: Sequence[tuple[KeptReceipt, GivenBack]] = ()


def deeds_before(
    session: Session,
    ladder: Ladder,
    member_id: str,
    *,
    deeds: Deeds,
    bought: Sequence[KeptReceipt],
    ahead: ReadAhead | None,
) -> Before:
    """Return what tells of a member's deeds before an instant; it reads what was not read ahead, when it is asked."""
    if ahead is not None:
        return replace(deeds, kept=_told_apart(bought, ahead.refunds)).before

    def before(at: datetime) -> Deeds:
        refunds = refunds_since(session, [member_id], at).get(member_id, ())
        friends = friends_counted(session, ladder, [member_id], as_of=at).get(member_id, ())
        return replace(deeds, kept=_told_apart(bought, refunds), referrals=friends).before(at)

    return before


def friends_counted(
    session: Session, ladder: Ladder, member_ids: Collection[str], *, as_of: datetime | None = None
) -> dict[str, tuple[datetime, ...]]:
    """Return the friends that count for each of these members, now or as of an instant, where the ladder asks."""
    return qualified_friends(session, member_ids, as_of=as_of) if ladder.asks("referrals") else {}


def _told_apart(bought: Iterable[KeptReceipt], refunds: Iterable[tuple[KeptReceipt, GivenBack]]) -> tuple[Kept, ...]:
    """Return purchases with these refunds told apart; those that were brought back whole are among them."""
    found = {each.id: each for each in bought}
    given: dict[str, tuple[GivenBack, ...]] = {}
    for receipt, back in refunds:
        found.setdefault(receipt.id, receipt)
        given[receipt.id] = (*given.get(receipt.id, ()), back)
    return tuple(Kept(each.at, each.money, given.get(each.id, ())) for each in found.values())
