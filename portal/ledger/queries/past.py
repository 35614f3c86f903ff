"""What a member had at any instant, past or to come."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.ledger.accruals import POINTS
from portal.ledger.balance import Balance
from portal.ledger.postings import MEMBER
from portal.ledger.queries.state import load
from portal.ledger.tables import EntryRow


def balance_at(session: Session, member: str, at: datetime, *, wallet: str = POINTS) -> Balance:
    """Return a wallet as of an instant: entries that count by then, and what was due by then though not posted.

    What runs out when is known only from the last entry on; for an earlier instant `expiring` and `releasing` are
    empty. Points told later for an earlier time (by an offline till) count from that time.
    """
    book = load(session, member, now=at)
    newest = session.scalar(select(func.max(EntryRow.at)).where(EntryRow.member_id == member))
    if newest is None or newest <= at:
        return book.balance(at, wallet=wallet)
    due = [entry.postings for entry in book.entries if entry.wallet == wallet and entry.at <= at]
    available, pending, held, debt = (
        stored + sum(getattr(postings, name) for postings in due)
        for name, stored in zip(MEMBER, _sums(session, member, at, wallet), strict=True)
    )
    return Balance(available, pending, held, debt)


def _sums(session: Session, member: str, at: datetime, wallet: str) -> list[int]:
    columns = [func.coalesce(func.sum(getattr(EntryRow, name)), 0) for name in MEMBER]
    told = (EntryRow.member_id == member, EntryRow.wallet == wallet, EntryRow.at <= at)
    return [int(points) for points in session.execute(select(*columns).where(*told)).one()]
