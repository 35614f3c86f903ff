"""The code a member shows at a till: judged, noted when it is fresh, counted when nobody's phone drew it."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import Afterwards, Batch
from portal.errors import Refused
from portal.members.lookup import Lookup
from portal.members.operations.devices import count_bad_mac, note_seen, show_code
from portal.members.person import Person
from portal.members.rotating_code import Verdict, judge


class UnknownMember(Refused):
    code = "unknown-member"
    status = 404
    text = "There is no such member."


class MemberLeft(Refused):
    code = "member-left"
    text = "This member has left the programme."


class CodeForged(Refused):
    code = "code-forged"
    keeps = True
    text = "The code was not drawn by the member's phone. Refresh the card, or type the number below it."


def see_code(
    session: Session,
    lookup: Lookup,
    person: Person,
    *,
    shown_to: str,
    shown_under: str,
    now: datetime,
    notes: Afterwards | None = None,
) -> Verdict | None:
    """Tell what the code of a lookup proves about the person it found; None when no rotating code was shown.

    A fresh one is noted as seen by this till (`shown_to`), so that no other may use it; it is fresh again only for the
    same scan told twice, which `shown_under` names (pwa.md §2); "" is a scan that is never told twice. With `notes` it
    is noted after the answer: of two tills that scan within that moment one finds out when it uses the code. A forged
    one is counted at once, and `CodeForged` keeps the count.
    """
    if lookup.rotating is None:
        return None
    verdict = judge(
        lookup.rotating, devices=person.devices, now=now, shown_at=now, shown_to=shown_to, shown_under=shown_under
    )
    if verdict.proof == "forged":
        count_bad_mac(session, person.id)
    if verdict.proof == "fresh" and not (
        notes and note_seen(notes, verdict, shown_to=shown_to, shown_under=shown_under, now=now)
    ):
        batch = Batch()
        show_code(batch, verdict, shown_to=shown_to, shown_under=shown_under, now=now)
        batch.flush(session)
    return verdict
