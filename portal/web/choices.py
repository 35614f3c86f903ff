"""The two switches every visitor has, signed in or not: language and looks."""

from flask import Blueprint, Response, abort, current_app, redirect, request

from portal.web.guards import public
from portal.web.language import COOKIE as LANGUAGE
from portal.web.theme import COOKIE as THEME
from portal.web.theme import THEMES, remember

blueprint = Blueprint("choices", __name__)


@blueprint.post("/language")
@public
def choose_language() -> Response:
    return _chosen(LANGUAGE, values=current_app.extensions["languages"])


@blueprint.post("/theme")
@public
def choose_theme() -> Response:
    return _chosen(THEME, values=THEMES)


def _chosen(name: str, *, values: tuple[str, ...]) -> Response:
    value = request.form.get(name, "")
    if value not in values:
        abort(400)
    answer = redirect(own_path(request.form.get("next", "")), 303)
    return remember(Response(answer.response, answer.status, answer.headers), name=name, value=value)


def own_path(address: str, *, otherwise: str = "/") -> str:
    """Return an address only if it is a path of ours: one slash, nothing that a browser reads as another host."""
    safe = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if safe and address.isprintable() and "\\" not in address else otherwise
