"""A code is sent to a contact: made, and put into the outbox, in one transaction."""

import logging
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.members.code_hashes import Asking
from portal.members.contacts import Contact
from portal.members.operations.asking import AskedCode, ask_code
from portal.members.terms import CodeTerms
from portal.outbox import operations as outbox
from portal.outbox.message import Message

LOG = logging.getLogger(__name__)


def send_code(
    session: Session, contact: Contact, *, asking: Asking, language: str, terms: CodeTerms, secret: str, now: datetime
) -> AskedCode:
    """Send a code to whoever the contact belongs to, member or not, and return it for a demo that shows it.

    Raises `PhoneNotServed`, `PhonesPaused`, `TooManyCodes` or `CodesPaused`; nothing is sent then.
    """
    asked = ask_code(session, contact, asking=asking, secret=secret, now=now, terms=terms)
    outbox.post(session, _message(contact, asked, language=language, now=now), now=now, pointless_at=asked.expires_at)
    if asked.budget_alarm:
        LOG.warning("more codes were asked for today than usual; sending stops at the day's budget")
    return asked


def _message(contact: Contact, asked: AskedCode, *, language: str, now: datetime) -> Message:
    minutes = (asked.expires_at - now) // timedelta(minutes=1)
    facts = {"code": asked.code, "minutes": minutes}
    return Message("email" if contact.kind == "email" else "sms", contact.value, "sign_in_code", language, facts)
