"""No more news by e-mail: for whoever holds the letter, without a sign-in. Only a POST changes anything (RFC 8058)."""

from flask import Blueprint, Response, abort

from portal.members.operations.consents import withdraw_consent
from portal.members.queries import has_consented
from portal.programme.consents import BY_EMAIL
from portal.web.guards import public
from portal.web.instant import now
from portal.web.render import page
from portal.web.settings import settings
from portal.web.transactions import session
from portal.web.unsubscribing import read_unsubscribe

blueprint = Blueprint("unsubscribe", __name__)


@blueprint.get("/unsubscribe/<token>")
@public
def ask(token: str) -> Response:
    """Ask once more: programs that look through letters follow every link in them."""
    member_id = _member(token)
    granted = has_consented(session(), member_id, purpose=BY_EMAIL.purpose, channel=BY_EMAIL.channel)
    return page("member/unsubscribe.html", token=token, done=not granted)


@blueprint.post("/unsubscribe/<token>")
@public
def unsubscribe(token: str) -> Response:
    """Withdraw the consent; mail programs post here by themselves when their button is pressed."""
    withdraw_consent(
        session(), _member(token), purpose=BY_EMAIL.purpose, channel=BY_EMAIL.channel, source="email", now=now()
    )
    return page("member/unsubscribe.html", token=token, done=True)


def _member(token: str) -> str:
    member_id = read_unsubscribe(token, secret=settings().secret_key)
    return member_id or abort(404)
