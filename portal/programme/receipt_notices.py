"""What a receipt, and the time that passed before it, have for members to know."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from portal.db import Batch, epoch, instant
from portal.ledger.accruals import POINTS
from portal.ledger.book import Book
from portal.ledger.entries import Entry
from portal.programme.notices import Notice, announce
from portal.programme.posting import parties
from portal.programme.scene import Scene
from portal.rulebook.document import Rulebook
from portal.rulebook.outcome import Outcome


def announce_receipt(batch: Batch, scene: Scene, outcome: Outcome, *, receipt_id: str, now: datetime) -> None:
    """Tell the buyer what a receipt brought, took and opened, and everybody what became theirs meanwhile."""
    for book in parties(scene):
        notices = released(book.entries)
        if book is scene.book:
            notices += _bought(book, outcome, receipt_id=receipt_id, rulebook=scene.rulebook, now=now)
        announce(batch, book.member, notices, now=now)


def announce_released(batch: Batch, *books: Book, now: datetime) -> None:
    """Tell members what became theirs as their books were brought to the present by whatever story."""
    for book in books:
        announce(batch, book.member, released(book.entries), now=now)


def released(entries: Iterable[Entry]) -> list[Notice]:
    """Return what to tell of points released by these entries of one member, one notice for each instant."""
    sums: dict[datetime, int] = {}
    for entry in entries:
        if entry.kind == "release" and entry.wallet == POINTS:
            sums[entry.at] = sums.get(entry.at, 0) + entry.points
    return [
        Notice(kind="points_released", cause=at.isoformat(timespec="seconds"), facts={"points": points}, at=at)
        for at, points in sums.items()
    ]


def _bought(book: Book, outcome: Outcome, *, receipt_id: str, rulebook: Rulebook, now: datetime) -> list[Notice]:
    ours = [entry for entry in book.entries if entry.origin.receipt == receipt_id and entry.wallet == POINTS]
    earned = [entry for entry in ours if entry.kind == "accrual" and entry.origin.cause == "purchase"]
    spent = [entry for entry in ours if entry.kind in ("redemption", "capture")]
    points = sum(entry.points for entry in earned)
    notices = []
    if spent:
        facts = {
            "points": -sum(entry.points for entry in spent),
            "earned": points,
            "left": book.balance(now).available,
            "entry": spent[0].number,
        }
        notices.append(Notice(kind="redemption", cause=receipt_id, facts=facts, at=now))
    elif points:
        from_day = _waits_until(book, earned, rulebook=rulebook, now=now)
        facts = {"points": points, "from_day": from_day, "entry": earned[0].number}
        notices.append(Notice(kind="purchase", cause=receipt_id, facts=facts, at=now))
    return notices + _opened(outcome, receipt_id=receipt_id, rulebook=rulebook, now=now)


def _waits_until(book: Book, earned: Sequence[Entry], *, rulebook: Rulebook, now: datetime) -> str | None:
    """Return the day on which the first of the points can be spent; None when that is today."""
    lots = (book.pages.lots[entry.number] for entry in earned if entry.number in book.pages.lots)
    first = min((lot.release_at for lot in lots), default=now)
    return None if first <= now else str(first.astimezone(rulebook.zone).date())


def _opened(outcome: Outcome, *, receipt_id: str, rulebook: Rulebook, now: datetime) -> list[Notice]:
    titles = {each.id: each.title for each in rulebook.privileges}
    return [
        Notice(
            kind="privilege_opened",
            cause=f"{receipt_id}/{opened.privilege}",
            facts={
                "title": _plain(titles.get(opened.privilege) or opened.privilege),
                "last_day": str(_last_day(opened.until, rulebook=rulebook)),
            },
            at=now,
            not_after=opened.until,
        )
        for opened in outcome.unlocked
    ]


def _plain(title: str | Mapping[Any, str]) -> str | dict[str, str]:
    return title if isinstance(title, str) else dict(title)


def _last_day(until: datetime, *, rulebook: Rulebook) -> date:
    """Return the last day before an instant: what ends at midnight lasts through the day before."""
    return instant(epoch(until) - 1).astimezone(rulebook.zone).date()
