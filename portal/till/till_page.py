"""A page of the till: who works here, on which device, and when it locks by itself."""

from flask import Blueprint, Response, request

from portal.errors import Refused
from portal.staff.roles import IDLE
from portal.till.device import current_shift
from portal.web.language import said
from portal.web.render import page

SECONDS_TO_LOCK = int(IDLE.total_seconds())
PLACES = ("refund", "join")


def till_blueprint(name: str) -> Blueprint:
    """Return a blueprint whose refusals are pages of the till, with the way to the next sale."""
    blueprint = Blueprint(f"till_{name}", __name__)
    blueprint.register_error_handler(Refused, _refused)
    return blueprint


def till_page(template: str, *, status: int = 200, **values: object) -> Response:
    here = request.path.split("/")[2:3]
    place = here[0] if here and here[0] in PLACES else "sale"
    return page(template, status=status, shift=current_shift(), locks_in=SECONDS_TO_LOCK, place=place, **values)


def _refused(refusal: Refused) -> Response:
    return till_page("till/refused.html", status=refusal.status, reason=said(refusal))
