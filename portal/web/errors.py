"""Pages for what went wrong: what happened, that nothing was lost, what to do. A refusal is a page too."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast
from wsgiref.types import WSGIEnvironment

from flask import Flask, Response, make_response, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_accept_header, parse_cookie

from portal.db import DATABASE_AWAY
from portal.errors import Refused
from portal.web.cookies import host_only
from portal.web.gate import Away
from portal.web.hx import wanted_part
from portal.web.language import COOKIE as LANGUAGE
from portal.web.language import gettext, mark, said, set_language
from portal.web.logs import request_id
from portal.web.render import page


@dataclass(frozen=True, slots=True)
class Trouble:
    """The words of an error page: title, what it means and what can be done; `again` where the same may help."""

    title: str
    meaning: str
    icon: str = "warn"
    again: bool = False


TROUBLES = {
    400: Trouble(mark("This request came broken"), mark("Go back, check what you typed and try once more.")),
    403: Trouble(
        mark("This is not open to you"),
        mark("If a link from elsewhere brought you here, open the page from the portal itself."),
        "lock",
    ),
    404: Trouble(mark("There is no such page"), mark("The address may be old or mistyped."), "search"),
    405: Trouble(mark("This page does not take that"), mark("Go back and try once more.")),
    410: Trouble(
        mark("This page is gone"), mark("It was here and has ended. There is nothing left to do here."), "clock"
    ),
    413: Trouble(mark("That was too much at once"), mark("Send less and try once more.")),
    429: Trouble(mark("Too many tries"), mark("Wait a little and try once more."), "clock", again=True),
    500: Trouble(
        mark("Something broke on our side"),
        mark("Try once more; if it happens again, tell the shop the number below."),
        again=True,
    ),
    503: Trouble(mark("Too many people at once"), mark("Try again in a minute."), "clock", again=True),
}
AWAY = Trouble(mark("The shop cannot reach its records"), mark("Try again in a minute."), "clock", again=True)
AWAY_SECONDS = 5
_log = logging.getLogger(__name__)


def answer_errors(app: Flask) -> None:
    """Answer refusals and errors of pages; blueprints that speak JSON answer their own."""
    app.register_error_handler(HTTPException, _answer_trouble)
    app.register_error_handler(Refused, _answer_refusal)
    for away in DATABASE_AWAY:
        app.register_error_handler(away, _answer_database_away)


def answer_first(app: Flask, answer: Callable[[HTTPException], Response | None]) -> None:
    """Let a door answer what goes wrong at its addresses; what it leaves is answered as it was before."""
    before = cast("Callable[[HTTPException], Response]", app.error_handler_spec[None][None][HTTPException])
    app.register_error_handler(HTTPException, lambda error: answer(error) or before(error))


def _answer_trouble(error: HTTPException) -> Response:
    status = error.code or 500
    if error.response is not None:
        return make_response(error.response)
    answer = _trouble_page(TROUBLES.get(status) or TROUBLES[500 if status >= 500 else 400], status=status)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After", "Location"}:
            answer.headers[name] = value
    return answer


def _answer_database_away(error: Exception) -> Response:
    _log.error("database is away", exc_info=error)
    answer = _trouble_page(AWAY, status=503)
    answer.headers["Retry-After"] = str(AWAY_SECONDS)
    return answer


def _trouble_page(trouble: Trouble, *, status: int) -> Response:
    first = "/till" if request.path.startswith("/till") else "/"
    return page("errors/trouble.html", status=status, trouble=trouble, request_id=request_id(), first=first)


def _answer_refusal(refusal: Refused) -> Response:
    """Say no on a page, or in the part of one that htmx asked for."""
    if part := wanted_part():
        return page("errors/refused_part.html", status=refusal.status, part=part, reason=said(refusal))
    return page("errors/refused.html", status=refusal.status, reason=said(refusal))


def full_house(app: Flask) -> Callable[[WSGIEnvironment], Away]:
    """Return what the gate tells whom it turns away, drawn before: drawing it then would be work in a full house."""
    drawn = {language: _drawn_away(app, language) for language in app.extensions["languages"]}
    offered = tuple(drawn)
    name = host_only(LANGUAGE, https=app.extensions["settings"].https)

    def away(environ: WSGIEnvironment) -> Away:
        chosen = parse_cookie(environ).get(name)
        wanted = parse_accept_header(environ.get("HTTP_ACCEPT_LANGUAGE", ""), LanguageAccept).best_match(offered)
        return drawn[chosen if chosen in offered else wanted or offered[0]]

    return away


def _drawn_away(app: Flask, language: str) -> Away:
    trouble = TROUBLES[503]
    with app.test_request_context():
        set_language(language)
        drawn = page("errors/trouble.html", trouble=trouble, request_id="", first="/").get_data()
        return Away(drawn, f"{gettext(trouble.title)}. {gettext(trouble.meaning)}")
