"""Joining and signing in are one way: a contact, then the code sent to it. What comes after, only the code tells.

A known and an unknown contact get the same answers (security.md §2).
"""

from dataclasses import replace

from flask import Blueprint, Response, request
from wtforms import StringField

from portal.errors import Refused
from portal.member.journey import WayIn, begin, current_way, end
from portal.member.traces import know_browser
from portal.members.code_hashes import Asking
from portal.members.contacts import masked, read_contact
from portal.members.keyed import new_token
from portal.members.lookup import by_contact
from portal.members.operations.entering import Entered, enter_code
from portal.members.operations.profile import verify_contact
from portal.members.operations.sessions import freshen_session
from portal.members.person import Person
from portal.members.queries.people import find_person
from portal.programme.let_in import let_in
from portal.programme.send_code import send_code
from portal.web.addresses import own_path, see_other
from portal.web.forms import Needed, PortalForm, stripped
from portal.web.guards import public
from portal.web.instant import now
from portal.web.language import COOKIE as LANGUAGE
from portal.web.language import current_language, mark, said
from portal.web.render import page
from portal.web.sessions import member_or_none, sign_in, sign_out
from portal.web.settings import address, code_terms, settings
from portal.web.theme import remember
from portal.web.transactions import session

blueprint = Blueprint("sign_in", __name__)


FORGOTTEN = '"prefetchCache", "prerenderCache"'
"""Pages fetched ahead. More would take the worker, and with it the notes a member asked for (static/js/forget.js)."""


class ContactForm(PortalForm):
    contact = StringField(filters=[stripped], validators=[Needed(mark("Type an e-mail or a phone."))])


class CodeForm(PortalForm):
    code = StringField(filters=[stripped], validators=[Needed(mark("Type the code."))])


@blueprint.route("/join", methods=["GET", "POST"], defaults={"joining": True})
@blueprint.route("/sign-in", methods=["GET", "POST"], defaults={"joining": False}, endpoint="sign_in")
@public
def ask(*, joining: bool) -> Response:
    leads_to = own_path(request.args.get("next", ""), otherwise="/home")
    here = member_or_none()
    if request.method != "POST" and here and here.open:
        return see_other(leads_to)  # the way back from home leads here
    form = ContactForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            till_code = request.args.get("till", "")[:80]
            return _send(stripped(form.contact.data), leads_to=leads_to, till_code=till_code)
        except Refused as refusal:
            form.blame("contact", message=said(refusal))
            return page("member/contact.html", status=refusal.status, form=form, joining=joining)
    return page("member/contact.html", status=422 if form.mistakes else 200, form=form, joining=joining)


@blueprint.route("/code", methods=["GET", "POST"])
@public
def code() -> Response:
    way = current_way()
    if way is None:
        return see_other("/sign-in")
    form = CodeForm(request.form)
    status = 200
    if request.method == "POST" and not form.validate():
        status = 422
    elif request.method == "POST":
        entered = _typed(form.code.data, way)
        if entered.refusal is None:
            return _come_in(replace(way, proof=entered.code_id, proven_at=now().timestamp(), shown_code=None))
        form.blame("code", message=said(entered.refusal))
        status = entered.refusal.status
    return page("member/code.html", status=status, form=form, contact=masked(way.contact), shown_code=way.shown_code)


@blueprint.post("/code/again")
@public
def again() -> Response:
    way = current_way()
    if way is None:
        return see_other("/sign-in")
    try:
        return _send(way.contact_text, leads_to=way.leads_to, till_code=way.till_code)
    except Refused as refusal:
        form = CodeForm()
        form.blame("code", message=said(refusal))
        contact = masked(way.contact)
        return page("member/code.html", status=refusal.status, form=form, contact=contact, shown_code=way.shown_code)


@blueprint.post("/sign-out")
@public
def leave() -> Response:
    sign_out()
    answer = see_other("/")
    answer.headers["Clear-Site-Data"] = FORGOTTEN
    return answer


def _send(typed: str, *, leads_to: str, till_code: str) -> Response:
    """Send a code and go on to typing it. Raises what `read_contact` and `send_code` raise."""
    contact = read_contact(typed, region=settings().phone_region)
    way = WayIn(contact_text=contact.value, marker=new_token(), leads_to=leads_to, till_code=till_code)
    asked = send_code(
        session(),
        contact,
        asking=_asking(way),
        language=current_language(),
        terms=code_terms(),
        secret=_secret(),
        now=now(),
    )
    begin(replace(way, shown_code=asked.code if settings().demo else None))
    return see_other("/code")


def _typed(typed: str | None, way: WayIn) -> Entered:
    return enter_code(session(), way.contact, stripped(typed), asking=_asking(way), secret=_secret(), now=now())


def _come_in(way: WayIn) -> Response:
    """Sign a member in; whoever is none yet goes on to becoming one, with the code as proof."""
    person = find_person(session(), by_contact(way.contact))
    if person is None or not person.active:
        begin(way)
        return see_other("/welcome")
    verify_contact(session(), person.id, way.contact, now=now())
    return enter(person, leads_to=way.leads_to)


def enter(person: Person, *, leads_to: str) -> Response:
    """Open a session for a member in this browser, or make the one that is there fresh; somebody else's ends."""
    here = member_or_none()
    if here and here.member_id == person.id:
        opened = freshen_session(session(), here.session_id, now=now())
    else:
        sign_out()
        opened = let_in(session(), person.id, user_agent=request.user_agent.string, now=now())
    sign_in(opened)
    end()
    return know_browser(remember(see_other(leads_to), name=LANGUAGE, value=person.language), person.id)


def _asking(way: WayIn) -> Asking:
    return Asking(marker=way.marker, address=address())


def _secret() -> str:
    return settings().secret_key
