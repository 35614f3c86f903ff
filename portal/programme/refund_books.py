"""What a refund does in the books of the buyer and of whoever earned by the receipt."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.ledger import queries as ledger
from portal.ledger.book import Book
from portal.ledger.refunds import RefundTerms
from portal.programme.posting import gift_source, grant_source, points_source
from portal.rulebook.document import Rulebook
from portal.rulebook.refunds import RefundPlan
from portal.rulebook.validity import LotDates, midnight_after


def read_books(
    session: Session, plan: RefundPlan, *, receipt_id: str, buyer: str | None, now: datetime
) -> dict[str, Book]:
    """Read the books a refund moves, each with what the receipt told it. They are locked already."""
    if buyer is None:
        return {}
    sources: dict[str, list[str]] = {buyer: [points_source(receipt_id)]}
    sources[buyer] += [gift_source(receipt_id, wallet) for wallet in plan.gifts]
    for reversal in plan.reversals:
        sources.setdefault(reversal.to, []).append(grant_source(receipt_id, reversal.source))
    return {member: ledger.load(session, member, now=now, sources=names) for member, names in sorted(sources.items())}


def move_back(
    books: dict[str, Book],
    plan: RefundPlan,
    *,
    receipt_id: str,
    refund_id: str,
    buyer: str,
    rulebook: Rulebook,
    at: datetime,
) -> None:
    """Give spent points and gift units back to the buyer, then take back what anybody earned (in this order)."""
    terms = refund_terms(rulebook, at=at)
    restore = {points_source(receipt_id): plan.points} if plan.points else {}
    restore |= {gift_source(receipt_id, wallet): units for wallet, units in plan.gifts.items()}
    for member, book in books.items():
        reverse = {grant_source(receipt_id, each.source): each.points for each in plan.reversals if each.to == member}
        book.refund(
            at=at,
            source=f"refund/{refund_id}",
            terms=terms,
            receipt=receipt_id,
            restore=restore if member == buyer else {},
            reverse=reverse,
        )


def refund_terms(rulebook: Rulebook, *, at: datetime) -> RefundTerms:
    """Return the programme's terms on the day of a refund: dates of grace lots, and when a debt is forgiven."""
    day = at.astimezone(rulebook.zone).date()
    settings = rulebook.refunds
    last = day + timedelta(days=settings.restore_grace_days)
    return RefundTerms(
        grace=LotDates(at, last, midnight_after(last, rulebook.zone)),
        shortage=settings.shortage,
        write_off_at=midnight_after(day + timedelta(days=settings.debt_days), rulebook.zone),
    )
