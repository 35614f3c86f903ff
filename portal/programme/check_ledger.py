"""Every book is proved, and every entry traced to its receipt (security.md §3)."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from portal.ledger import checks
from portal.ledger.checks import Violation
from portal.receipts.queries.judged import known_receipts


def check_ledger(session: Session) -> Iterator[Violation]:
    """Give everything that is wrong; the shop may go on selling meanwhile."""
    return checks.check_ledger(session, known_receipts=lambda ids: known_receipts(session, set(ids)))
