"""The two switches every visitor has, signed in or not: language and looks."""

from flask import Blueprint, Response, abort, current_app, request

from portal.members.operations.profile import Correction, correct_profile
from portal.web.addresses import own_path, see_other
from portal.web.guards import public
from portal.web.language import COOKIE as LANGUAGE
from portal.web.sessions import member_or_none
from portal.web.theme import COOKIE as THEME
from portal.web.theme import THEMES, remember
from portal.web.transactions import session

blueprint = Blueprint("choices", __name__)


@blueprint.post("/language")
@public
def choose_language() -> Response:
    """Speak another language here; a member is written to in it too."""
    answer = _chosen(LANGUAGE, values=current_app.extensions["languages"])
    if signed_in := member_or_none():
        correct_profile(session(), signed_in.member_id, Correction(language=request.form["language"]))
    return answer


@blueprint.post("/theme")
@public
def choose_theme() -> Response:
    return _chosen(THEME, values=THEMES)


def _chosen(name: str, *, values: tuple[str, ...]) -> Response:
    value = request.form.get(name, "")
    if value not in values:
        abort(400)
    return remember(see_other(own_path(request.form.get("next", ""))), name=name, value=value)
