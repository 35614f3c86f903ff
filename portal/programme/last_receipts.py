"""What a member bought lately in a store, so that goods come back without the number of their receipt."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.receipts.queries import lately
from portal.receipts.queries.lately import LateReceipt
from portal.rulebook.receipt import read_receipt

SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class LastReceipt:
    """A receipt to choose from: the titles of its goods, `due` in money, what was paid by points, what came back."""

    receipt_id: str
    number: str
    at: datetime
    due: int
    points_spent: int
    goods: tuple[str, ...]
    came_back: bool
    all_back: bool


def last_receipts(session: Session, member_id: str, *, store: str) -> tuple[LastReceipt, ...]:
    """Return the ten newest receipts of a member in a store, those of which all came back included."""
    return tuple(_told(each) for each in lately.last_receipts(session, member_id, store=store, limit=SHOWN))


def _told(found: LateReceipt) -> LastReceipt:
    lines = read_receipt(found.document).lines
    return LastReceipt(
        receipt_id=found.id,
        number=found.number,
        at=found.at,
        due=found.due,
        points_spent=found.points_spent,
        goods=tuple(line.title for line in lines if line.title),
        came_back=found.refunds > 0,
        all_back=found.fully_returned,
    )
