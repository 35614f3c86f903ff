"""A page of the till: who works here, on which device, and when it locks by itself."""

from flask import Blueprint, Response, request

from portal.errors import Refused
from portal.staff.roles import IDLE
from portal.till.device import current_shift
from portal.web.forms import PortalForm
from portal.web.headers import SCANNER_POLICY, policy_text
from portal.web.language import said
from portal.web.render import page

SECONDS_TO_LOCK = int(IDLE.total_seconds())
SCANNER_CSP = policy_text(SCANNER_POLICY)
PLACES = ("refund", "join", "requests", "shift")
OF_THE_SHIFT = ("corrections",)


def till_blueprint(name: str) -> Blueprint:
    """Return a blueprint whose refusals are pages of the till, with the way to the next sale."""
    blueprint = Blueprint(f"till_{name}", __name__)
    blueprint.register_error_handler(Refused, _refused)
    return blueprint


def till_page(template: str, *, status: int = 200, scans: bool = False, **values: object) -> Response:
    """Render a page of the till. One that `scans` has the camera, and may run the reader's WebAssembly."""
    here = request.path.split("/")[2:3]
    place = here[0] if here and here[0] in PLACES else "shift" if here and here[0] in OF_THE_SHIFT else "sale"
    shift = current_shift()
    answer = page(template, status=status, shift=shift, locks_in=SECONDS_TO_LOCK, place=place, scans=scans, **values)
    if scans:
        answer.headers["Content-Security-Policy"] = SCANNER_CSP
    return answer


def scan_page(form: PortalForm, *, status: int = 200) -> Response:
    """Render the first page of every sale, with what was wrong with the last try."""
    return till_page("till/scan.html", status=status, scans=True, form=form)


def _refused(refusal: Refused) -> Response:
    return till_page("till/refused.html", status=refusal.status, reason=said(refusal))
