"""The whole database is proved: the ledger by itself, receipts by themselves, and each by the other."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from portal.ledger import checks as ledger
from portal.ledger.checks import Violation
from portal.ledger.queries.by_receipt import moved_by_receipts
from portal.perks import checks as perks
from portal.receipts import checks as receipts
from portal.receipts.queries.judged import known_receipts
from portal.tiers.checks import check_standings


def check_ledger(session: Session) -> Iterator[Violation]:
    """Give everything that is wrong, also entries of receipts that are not there and receipts whose points are not."""
    yield from ledger.check_ledger(session, known_receipts=lambda ids: known_receipts(session, set(ids)))
    for wrong in receipts.check_receipts(session):
        where = f"receipt {wrong.receipt_id}: " if wrong.receipt_id else ""
        yield Violation("receipts", wrong.member_id or "", None, where + wrong.text)
    yield from _check_moves(session)
    for member_id, text in check_standings(session):
        yield Violation("tiers", member_id, None, text)
    for text in perks.check_perks(session):
        yield Violation("perks", "", None, text)


def _check_moves(session: Session) -> Iterator[Violation]:
    """Give every receipt that moved other points than it was judged to; one just told gets a second look."""
    moved = moved_by_receipts(session)
    for judged in receipts.judged_points(session):
        due = (judged.granted, judged.taken)
        if moved.get(judged.receipt_id, (0, 0)) != due:
            found = moved_by_receipts(session, [judged.receipt_id]).get(judged.receipt_id, (0, 0))
            if found != due:
                text = f"receipt {judged.receipt_id}: {found} stand in the ledger, {due} were judged (granted, taken)"
                yield Violation("receipts", judged.member_id or "", None, text)
