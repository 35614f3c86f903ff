"""The form for a second person: a name of the list and its PIN; whoever is on shift stays on shift."""

from wtforms import RadioField, StringField

from portal.staff.operations import call_second
from portal.staff.queries import list_staff
from portal.staff.roles import Role, reaches
from portal.till.pins import pin_refused
from portal.till.sign_in import CHOOSE
from portal.web.forms import Needed, PortalForm
from portal.web.instant import now
from portal.web.language import mark
from portal.web.transactions import session


class SecondForm(PortalForm):
    who = RadioField(validate_choice=False, validators=[Needed(CHOOSE)])
    pin = StringField(validators=[Needed(mark("Type the PIN."))])


def offer_seconds(form: SecondForm, *, apart_from: str | None, role: Role) -> SecondForm:
    """Put the names of those of a role or above on the form; `apart_from` is the one whose deed it is."""
    able = [each for each in list_staff(session()) if each.active and reaches(each.role, role)]
    form.who.choices = [(each.id, each.name) for each in able if each.id != apart_from]
    if len(form.who.choices) == 1:
        form.who.data = form.who.choices[0][0]
    return form


def stands_by(form: SecondForm, *, apart_from: str | None, role: Role) -> int:
    """Try the PIN and return 200, or the status of what was wrong, which then stands on the form; a try is counted."""
    if not form.validate():
        return 422
    pin = (form.pin.data or "").strip()
    entry = call_second(session(), form.who.data or "", pin=pin, apart_from=apart_from, role=role, now=now())
    form.pin.data = ""
    return pin_refused(form, entry.refusal, of=form.who.data or "") if entry.refusal else 200
