"""Pages for what went wrong: what happened, that nothing was lost, what to do. A refusal is a page too."""

from dataclasses import dataclass

from flask import Flask, Response, make_response
from werkzeug.exceptions import HTTPException

from portal.errors import Refused
from portal.web.hx import wanted_part
from portal.web.language import mark, said
from portal.web.logs import request_id
from portal.web.render import page


@dataclass(frozen=True, slots=True)
class Trouble:
    """The words of an error page: title, what it means, what can be done."""

    title: str
    meaning: str
    icon: str = "warn"


TROUBLES = {
    400: Trouble(mark("This request came broken"), mark("Nothing was changed. Go back and try once more.")),
    403: Trouble(
        mark("This is not open to you"),
        mark("Nothing was changed. If a link from elsewhere brought you here, open the page from the portal itself."),
        "lock",
    ),
    404: Trouble(
        mark("There is no such page"),
        mark("The address may be old or mistyped. Your points are where they were."),
        "search",
    ),
    405: Trouble(mark("This page does not take that"), mark("Nothing was changed. Go back and try once more.")),
    413: Trouble(mark("That was too much at once"), mark("Nothing was changed. Send less and try once more.")),
    429: Trouble(mark("Too many tries"), mark("Nothing was changed. Wait a little and try once more."), "clock"),
    500: Trouble(
        mark("Something broke on our side"),
        mark("Nothing of yours was changed. Try once more; if it happens again, tell the shop the number below."),
    ),
    503: Trouble(mark("Too many people at once"), mark("Nothing was changed. Try again in a minute."), "clock"),
}


def answer_errors(app: Flask) -> None:
    """Answer refusals and errors of pages; blueprints that speak JSON answer their own."""
    app.register_error_handler(HTTPException, _answer_trouble)
    app.register_error_handler(Refused, _answer_refusal)


def _answer_trouble(error: HTTPException) -> Response:
    status = error.code or 500
    if error.response is not None:
        return make_response(error.response)
    trouble = TROUBLES.get(status) or TROUBLES[500 if status >= 500 else 400]
    answer = page("errors/trouble.html", status=status, trouble=trouble, request_id=request_id())
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After", "Location"}:
            answer.headers[name] = value
    return answer


def _answer_refusal(refusal: Refused) -> Response:
    """Say no on a page, or in the part of one that htmx asked for."""
    if part := wanted_part():
        return page("errors/refused_part.html", status=refusal.status, part=part, reason=said(refusal))
    return page("errors/refused.html", status=refusal.status, reason=said(refusal))
