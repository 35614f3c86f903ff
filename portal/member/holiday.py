"""The member's own holiday: a day they choose, and what the shop gives around it (domain.md §2.7)."""

from datetime import date

from flask import Blueprint, Response, abort, request
from wtforms import SelectField, StringField

from portal.members.occasions import ChangedLately, holiday_of
from portal.members.operations import set_holiday
from portal.members.queries.profiles import find_profile
from portal.programme.rulebooks import rulebook_in_force
from portal.rulebook.document import Rulebook
from portal.rulebook.values import title_in
from portal.web.addresses import see_other
from portal.web.formats import month_names
from portal.web.forms import PortalForm, stripped
from portal.web.guards import member_just_seen
from portal.web.instant import now
from portal.web.language import current_language, mark
from portal.web.render import page
from portal.web.sessions import current_member
from portal.web.speaker import speaking, stand_by
from portal.web.transactions import session

blueprint = Blueprint("holiday", __name__)

NO_SUCH_DAY = mark("There is no such day. Check the day and the month, or leave both empty.")


class HolidayForm(PortalForm):
    """A day of the year and what it is called; both empty takes it back."""

    holiday_day = StringField(filters=[stripped])
    holiday_month = SelectField(validate_choice=False)
    holiday_title = StringField(filters=[stripped])

    def day(self) -> date | None:
        """Return the day as it is kept; raises ValueError for one that does not exist."""
        if not (self.holiday_day.data or self.holiday_month.data):
            return None
        return holiday_of(month=int(self.holiday_month.data or 0), day=int(self.holiday_day.data or 0))


@blueprint.route("/profile/holiday", methods=["GET", "POST"])
@member_just_seen
def holiday() -> Response:
    member_id = current_member().member_id
    known = find_profile(session(), member_id) or abort(404)
    form = HolidayForm(request.form) if request.method == "POST" else _filled(known.holiday, known.holiday_title or "")
    form.holiday_month.choices = [("", "–"), *_months()]
    if request.method == "POST" and _kept(form, member_id):
        return see_other("/profile/holiday?kept=1")
    rulebook = rulebook_in_force(session(), at=now())
    stand_by(rulebook)
    return page(
        "member/holiday.html",
        status=422 if form.mistakes else 200,
        form=form,
        gives=_gives(rulebook),
        kept="kept" in request.args and request.method == "GET",
    )


def _filled(day: date | None, title: str) -> HolidayForm:
    told = {"holiday_day": str(day.day), "holiday_month": str(day.month)} if day else {}
    return HolidayForm(data={**told, "holiday_title": title})


def _kept(form: HolidayForm, member_id: str) -> bool:
    """Keep the day, or put what is wrong beside its field."""
    try:
        set_holiday(session(), member_id, form.day(), title=(form.holiday_title.data or "")[:80], now=now())
    except ChangedLately as refusal:
        again = speaking().day(date.fromisoformat(str(refusal.facts["day"])))
        told = speaking().sentence("It was changed less than 12 months ago; again from %(day)s.", day=again)
        form.blame("holiday_day", message=told)
    except ValueError:
        form.blame("holiday_day", message=NO_SUCH_DAY)
    return not form.mistakes


def _gives(rulebook: Rulebook) -> str:
    """Tell what the shop gives and in which days; nothing where it gives nothing."""
    found = rulebook.holiday
    if found is None:
        return ""
    named = next((each.title for each in rulebook.privileges if each.id == found.privilege), "")
    return speaking().sentence(
        "%(gift)s for one purchase: from %(before)s before the day to %(after)s after it, once in 12 months.",
        gift=title_in(named if isinstance(named, str) else dict(named), current_language()) or found.privilege,
        before=_days(found.before),
        after=_days(found.after),
    )


def _days(count: int) -> str:
    return speaking().counted_sentence("%(num)s day", "%(num)s days", count, num=count)


def _months() -> list[tuple[str, str]]:
    return [(str(number), name) for number, name in enumerate(month_names(current_language()), 1)]
