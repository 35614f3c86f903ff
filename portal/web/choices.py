"""The two switches every visitor has, signed in or not: language and looks."""

from flask import Blueprint, Response, abort, current_app, request

from portal.web.addresses import own_path, see_other
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
    return remember(see_other(own_path(request.form.get("next", ""))), name=name, value=value)
