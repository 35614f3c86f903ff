"""Which till this browser is and who works on it: two random tokens in cookies apart from a member's sign-in."""

from datetime import datetime, timedelta

from flask import Response, g

from portal.programme.command import Command
from portal.receipts.operations import Evidence, Method
from portal.staff import operations as staff_operations
from portal.staff.queries import find_device, find_shift
from portal.staff.roles import Device, Shift
from portal.web.addresses import see_other
from portal.web.cookies import cookie_said, forget_cookie, keep_cookie
from portal.web.guards import guarded_by
from portal.web.hx import leave_the_page, wanted_part
from portal.web.instant import now
from portal.web.language import current_language
from portal.web.transactions import session, write_beside

ENROL = "/till/enrol"
SIGN_IN = "/till/sign-in"

_TILL, _SHIFT = "till", "shift"
_LASTS = timedelta(days=400)  # browsers keep no cookie for longer; every sign-in begins anew


def known_device() -> Device | None:
    """Return the till this browser was let in as; asks the database once in a request."""
    if "till_device" not in g:
        token = cookie_said(_TILL)
        g.till_device = find_device(session(), token) if token else None
    return g.till_device


def current_device() -> Device:
    """Return the till, behind a guard that made sure of it."""
    found = known_device()
    if found is None:
        raise RuntimeError("the view lacks the till's guard")
    return found


def current_shift() -> Shift:
    """Return who works here, behind a guard that made sure of it."""
    return g.till_shift


def till_command(
    key: str = "", *, agreed_due: int | None = None, method: Method = "typed", card_at: datetime | None = None
) -> Command:
    """Return what stories want to know: the device commands, the one on shift answers for it.

    `method` and `card_at` say how the card got in and when, for the evidence.
    """
    device, shift = current_device(), current_shift()
    evidence = Evidence(staff_id=shift.staff_id, device_id=device.id, method=method, card_at=card_at)
    return Command(
        client=f"till:{device.id}",
        key=key,
        now=now(),
        language=current_language(),
        operator=f"staff:{shift.staff_id}",
        agreed_due=agreed_due,
        evidence=evidence,
    )


def keep_device(answer: Response, token: str) -> Response:
    """Let this browser be the till from now on; a shift of an earlier one is forgotten."""
    return forget_shift(keep_cookie(answer, _TILL, token, lasts=_LASTS, same_site="Strict"))


def keep_shift(answer: Response, token: str) -> Response:
    """Remember the shift until the browser is closed, and the till for another while."""
    keep_cookie(answer, _SHIFT, token, lasts=None, same_site="Strict")
    if device := cookie_said(_TILL):
        keep_cookie(answer, _TILL, device, lasts=_LASTS, same_site="Strict")
    return answer


def forget_shift(answer: Response) -> Response:
    return forget_cookie(answer, _SHIFT, same_site="Strict")


def find_current_shift() -> Shift | None:
    """Return who works on this till; nobody when the till was not touched for ten minutes."""
    device, token = known_device(), cookie_said(_SHIFT)
    return find_shift(session(), token, device=device, now=now()) if device and token else None


def _need_device() -> Response | None:
    return None if known_device() else _leave(to=ENROL)


def _leave(*, to: str) -> Response:
    return leave_the_page(to=to) if wanted_part() else see_other(to)


def _need_shift() -> Response | None:
    if known_device() is None:
        return _leave(to=ENROL)
    shift = find_current_shift()
    if shift is None:
        return _leave(to=SIGN_IN)
    g.till_shift = shift
    _note(shift)
    return None


def _note(shift: Shift) -> None:
    """Tell the database once a minute that the till is in use; a view that reads does it in its own transaction."""
    if not shift.to_be_seen(now()):
        return

    write_beside(lambda session: staff_operations.see_shift(session, shift, now=now()))


enrolled_till = guarded_by("enrolled till", check=_need_device)
"""A device that was let in, whoever stands before it: only to sign in."""

staff = guarded_by("staff", check=_need_shift)
"""One of the staff, signed in by PIN on an enrolled till and not idle."""
