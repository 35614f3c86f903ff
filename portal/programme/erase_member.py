"""A member is forgotten: points run out, the person goes, the numbers stay (domain.md §7.6)."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.approvals import operations as approvals
from portal.db import Batch, leave_no_trace
from portal.ledger import operations as ledger
from portal.members import operations as members
from portal.members.queries import find_contacts
from portal.notifications import operations as notifications
from portal.outbox import operations as outbox
from portal.programme.member_book import load_locked
from portal.push import operations as push
from portal.receipts import operations as receipts
from portal.referrals import operations as referrals
from portal.staff import operations as staff
from portal.tiers import operations as tiers
from portal.wishes import operations as wishes


def erase_member(session: Session, member_id: str, *, secret: str, now: datetime) -> bool:
    """Forget the person behind a member; tell whether there was one left to forget.

    All points become breakage with the cause `erasure`, debts are written off, holds are voided; what the person
    was told, or was about to be, is forgotten too.
    """
    contacts = find_contacts(session, member_id) or ()
    book = load_locked(session, member_id, now=now)
    if not members.erase(session, member_id, secret=secret, now=now):
        return False
    for contact in contacts:
        outbox.forget_messages_to(session, contact.value)
    notifications.forget(session, member_id)
    push.forget_browsers_of(session, member_id)
    wishes.forget(session, member_id)
    referrals.forget(session, member_id)
    approvals.forget(session, member_id)
    receipts.forget_events(session, member_id)
    receipts.forget_comments(session, member_id)
    tiers.forget_reasons(session, member_id)
    staff.forget_own_card(session, member_id)
    book.forfeit(at=now, source=f"{member_id}/erasure/{book.count}")
    batch = Batch()
    ledger.store(batch, book)
    batch.flush(session)
    leave_no_trace(session)
    return True
