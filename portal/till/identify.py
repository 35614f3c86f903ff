"""Who it is that was scanned or typed, told to this till."""

from dataclasses import replace

from portal.errors import Refused
from portal.members.lookup import Lookup, by_id
from portal.members.operations import UnknownMember
from portal.programme.identify_member import IdentifiedAnswer, identify_member
from portal.programme.spending import RotatingCodeRequired
from portal.staff.operations import note_search, refuse_many_searches, refuse_own_card_alone
from portal.till.device import current_shift, till_command
from portal.till.sale import Sale, told_method
from portal.till.shown import Shown, read_shown
from portal.web.instant import now
from portal.web.settings import settings
from portal.web.transactions import session


class OtherMember(Refused):
    code = "other-member"
    text = "This is another member's card. Finish this sale, or begin a new one with that card."


def shown_here(typed: str) -> Shown:
    """Read what was scanned or typed; raises what `read_shown` raises."""
    return read_shown(typed, region=settings().phone_region)


def identify(shown: Shown, *, sale_id: str = "") -> IdentifiedAnswer:
    """Find the member; a fresh code is this till's alone from now on, and a search by phone is noted.

    Raises `OwnCardSeen` unless a second person allowed the sale of this id, `TooManySearches` and what
    `identify_member` raises or returns.
    """
    found = found_by(shown)
    refuse_own_card_alone(session(), current_shift(), found.member_id, sale_id=sale_id)
    return found


def found_by(shown: Shown) -> IdentifiedAnswer:
    """Find the member, whoever it is; raises what `identify` raises but for the own card."""
    found = _search(shown) if shown.contact else _find(shown)
    if isinstance(found, Refused):
        raise found
    return found


def member_here(member_id: str) -> IdentifiedAnswer:
    """Tell who a member is by the id alone. Raises `UnknownMember`, `MemberLeft`, `WrongMemberId`."""
    return holder_of(by_id(member_id))


def holder_of(lookup: Lookup) -> IdentifiedAnswer:
    """Tell whose id or card it is, of which nothing is proved. Raises `UnknownMember`, `MemberLeft`."""
    found = identify_member(session(), lookup, command=till_command())
    if isinstance(found, Refused):
        raise found
    return found


def _find(shown: Shown) -> IdentifiedAnswer | Refused:
    return identify_member(session(), shown.lookup, command=till_command(current_shift().id))


def _search(shown: Shown) -> IdentifiedAnswer | Refused:
    shift = current_shift()
    refuse_many_searches(session(), shift, now=now())
    try:
        found = _find(shown)
    except UnknownMember:
        note_search(session(), shift, found=None, now=now())
        raise
    note_search(session(), shift, found=None if isinstance(found, Refused) else found.member_id, now=now())
    return found


def proven(sale: Sale, typed: str) -> Sale:
    """Return the sale with the code that the member shows now, so that points can be spent.

    Raises `OtherMember`, `RotatingCodeRequired` and what `shown_here` and `identify` raise.
    """
    shown = shown_here(typed)
    found = identify(shown, sale_id=sale.id)
    if found.member_id != sale.member_id:
        raise OtherMember
    if found.verified != "rotating":
        raise RotatingCodeRequired
    return replace(sale, code=shown.code, method=told_method("how"))
