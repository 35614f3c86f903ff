"""A visitor whose contact is confirmed becomes a member: a name, a birthday if they like, each consent for itself."""

from datetime import date

from flask import Blueprint, Response, request
from wtforms import BooleanField, SelectField, StringField

from portal.member.journey import WayIn, current_way
from portal.member.sign_in import enter
from portal.member.traces import came_by, forget_opened, opened_last
from portal.members.contacts import masked
from portal.members.lookup import by_contact, by_id
from portal.members.names import WrongName, clean_name
from portal.members.occasions import holiday_of
from portal.members.operations.enrol import Newcomer
from portal.members.operations.profile import set_birthday
from portal.members.queries.people import find_person
from portal.programme.came_by import UnknownInvite
from portal.programme.consents import Consent, consents_for
from portal.programme.enrol_member import EnrolAnswer, Joining, enrol_member
from portal.programme.show_member import find_member
from portal.web.addresses import see_other
from portal.web.formats import month_names
from portal.web.forms import Needed, PortalForm, stripped
from portal.web.guards import SIGN_IN, public
from portal.web.instant import now
from portal.web.language import current_language, mark, said
from portal.web.render import page
from portal.web.settings import settings
from portal.web.transactions import session

blueprint = Blueprint("welcome", __name__)

NO_SUCH_DAY = mark("There is no such day. Check the day and the month, or leave both empty.")
CONSENT_NEEDED = mark("Without this consent there is no card. Tick it to join.")


class DetailsForm(PortalForm):
    """What a newcomer tells. The consents have a tick each, none of them set beforehand."""

    name = StringField(filters=[stripped], validators=[Needed(mark("Say what we shall call you."))])
    birth_day = StringField(filters=[stripped])
    birth_month = SelectField(validate_choice=False)
    invite = StringField(filters=[stripped])
    programme = BooleanField()
    news = BooleanField()

    @property
    def tells_birthday(self) -> bool:
        return bool(self.birth_day.data or self.birth_month.data)

    def birthday(self) -> date | None:
        """Return the day as it is kept, without a year; raises ValueError for one that does not exist."""
        if not self.tells_birthday:
            return None
        return holiday_of(month=int(self.birth_month.data or 0), day=int(stripped(self.birth_day.data) or 0))


@blueprint.route("/welcome", methods=["GET", "POST"])
@public
def welcome() -> Response:
    way = current_way()
    if way is None or not way.proven(now=now()):
        return see_other("/join")
    if _came_in(way):
        return see_other(SIGN_IN)
    form = DetailsForm(request.form)
    form.birth_month.choices = [
        ("", "–"),
        *((str(n), name) for n, name in enumerate(month_names(current_language()), 1)),
    ]
    if request.method == "POST" and _valid(form):
        try:
            return _join(form, way)
        except UnknownInvite as unknown:
            form.blame("invite", message=said(unknown))
    asked = consents_for(way.contact.kind)
    return page(
        "member/details.html",
        status=422 if form.mistakes else 200,
        form=form,
        contact=masked(way.contact),
        by_link=bool(opened_last()),
        consents=[(form[_field(consent)], consent.texts[current_language()], consent.needed) for consent in asked],
    )


def _came_in(way: WayIn) -> bool:
    """Tell whether the code did its work: its proof, which the browser keeps, would sign in a second time."""
    person = find_person(session(), by_contact(way.contact))
    return person is not None and person.active


def _valid(form: DetailsForm) -> bool:
    form.validate()
    try:
        clean_name(stripped(form.name.data))
    except WrongName as wrong:
        if not form.name.errors:
            form.blame("name", message=said(wrong))
    try:
        form.birthday()
    except ValueError:
        form.blame("birth_day", message=NO_SUCH_DAY)
    if not form.programme.data:
        form.blame("programme", message=CONSENT_NEEDED)
    return not form.mistakes


def _join(form: DetailsForm, way: WayIn) -> Response:
    """Enrol, note the birthday and sign in. The code that was typed proves the consents."""
    answer = _enrol(form, way)
    if day := form.birthday():
        set_birthday(session(), answer.member_id, day, today=now().date(), now=now())
    return forget_opened(enter(find_member(session(), by_id(answer.member_id)), leads_to=way.leads_to))


def _enrol(form: DetailsForm, way: WayIn) -> EnrolAnswer:
    asked = consents_for(way.contact.kind)
    newcomer = Newcomer((way.contact,), stripped(form.name.data), current_language(), verified=True)
    joining = Joining(
        granted=[consent.key for consent in asked if form[_field(consent)].data],
        language=current_language(),
        source="join",
        proof=way.proof,
        at=now(),
        till_code=way.till_code,
        came_by=came_by(code=stripped(form.invite.data)),
    )
    return enrol_member(session(), newcomer, joining, secret=settings().secret_key, now=now())


def _field(consent: Consent) -> str:
    return "programme" if consent.needed else "news"
