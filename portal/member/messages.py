"""What to be told, and where, how often and when not: the member owns it (product.md, attention budget)."""

from datetime import time
from typing import cast

from flask import Blueprint, Response, request
from wtforms import BooleanField, SelectField, StringField

from portal.errors import Refused
from portal.members.lookup import by_id
from portal.members.operations.profile import set_time_zone
from portal.members.queries.consents import current_consents
from portal.members.queries.people import find_person
from portal.members.time_zones import WrongTimeZone
from portal.notifications.operations import set_preference
from portal.notifications.preference import (
    MOST_IN_A_WEEK,
    NIGHT,
    Letters,
    NoQuietHours,
    Preference,
    UnknownLetters,
    WrongLimit,
)
from portal.notifications.queries import preference_of
from portal.notifications.quiet import QuietHours
from portal.notifications.topics import CHOSEN
from portal.programme.rulebooks import rulebook_in_force
from portal.web.addresses import see_other
from portal.web.forms import PortalForm, stripped
from portal.web.guards import member_just_seen
from portal.web.instant import now
from portal.web.language import current_language, gettext, mark, said
from portal.web.render import page
from portal.web.sessions import current_member
from portal.web.speaker import speaking
from portal.web.transactions import session
from portal.web.zones import zone_choices, zone_words

blueprint = Blueprint("messages", __name__)

NO_TIME = {
    "quiet_from": mark("Say when the quiet hours begin, as 21:00."),
    "quiet_until": mark("Say when the quiet hours end, as 09:00."),
}


class ChoicesForm(PortalForm):
    """Everything a member chooses about messages; each topic is a tick."""

    purchases = BooleanField()
    points = BooleanField()
    answers = BooleanField()
    offers = BooleanField()
    push = BooleanField()
    letters = SelectField(validate_choice=False)
    most_in_a_week = SelectField(validate_choice=False)
    quiet = BooleanField()
    quiet_from = StringField(filters=[stripped])
    quiet_until = StringField(filters=[stripped])
    time_zone = SelectField(validate_choice=False)


@blueprint.route("/profile/messages", methods=["GET", "POST"])
@member_just_seen
def messages() -> Response:
    form = _form()
    if request.method == "POST":
        _keep(form)
        if not form.mistakes:
            return see_other("/profile/messages?kept=1")
    return page(
        "member/messages.html",
        status=422 if form.mistakes else 200,
        form=form,
        kept="kept" in request.args and request.method == "GET",
        news_by=_news_by(),
    )


def _form() -> ChoicesForm:
    member_id = current_member().member_id
    person = find_person(session(), by_id(member_id))
    zone = (person.time_zone if person else None) or ""
    form = ChoicesForm(request.form) if request.method == "POST" else _filled(preference_of(session(), member_id), zone)
    shop = rulebook_in_force(session(), at=now()).zone.key
    language = current_language()
    as_shop = speaking().sentence("As the shop: %(zone)s", zone=zone_words(shop, now=now(), language=language))
    cities = zone_choices(besides=[zone] if zone else [], now=now(), language=language)
    form.time_zone.choices = [("", as_shop), *cities]
    form.letters.choices = [
        ("all", gettext("About everything")),
        ("important", gettext("Only about what matters")),
        ("none", gettext("None")),
    ]
    form.most_in_a_week.choices = [(str(number), _times(number)) for number in range(MOST_IN_A_WEEK + 1)]
    return form


def _filled(preference: Preference, zone: str) -> ChoicesForm:
    quiet = preference.quiet or NIGHT
    return ChoicesForm(
        data={
            **{topic.name: topic.name not in preference.silenced for topic in CHOSEN},
            "push": preference.push,
            "letters": preference.letters,
            "most_in_a_week": str(preference.most_in_a_week),
            "quiet": preference.quiet is not None,
            "quiet_from": f"{quiet.start:%H:%M}",
            "quiet_until": f"{quiet.end:%H:%M}",
            "time_zone": zone,
        }
    )


def _keep(form: ChoicesForm) -> None:
    """Keep the choices, or put each refusal beside its field and keep none of them."""
    quiet = _quiet(form)
    told = str(form.most_in_a_week.data or "")
    preference = Preference(
        silenced=frozenset(topic.name for topic in CHOSEN if not form[topic.name].data),
        push=form.push.data,
        letters=cast("Letters", form.letters.data),
        most_in_a_week=int(told) if told.isdecimal() and len(told) < 4 else -1,
        quiet=quiet,
    )
    if form.mistakes:
        return
    member_id = current_member().member_id
    try:
        preference.check()
        set_time_zone(session(), member_id, form.time_zone.data or None)
        set_preference(session(), member_id, preference, now=now())
    except tuple(BLAMED) as refusal:
        form.blame(BLAMED[type(refusal)], message=said(refusal))


BLAMED: dict[type[Refused], str] = {
    UnknownLetters: "letters",
    WrongLimit: "most_in_a_week",
    NoQuietHours: "quiet_until",
    WrongTimeZone: "time_zone",
}


def _quiet(form: ChoicesForm) -> QuietHours | None:
    if not form.quiet.data:
        return None
    start, end = _wall(form, "quiet_from"), _wall(form, "quiet_until")
    return QuietHours(start, end) if start is not None and end is not None else None


def _wall(form: ChoicesForm, field: str) -> time | None:
    try:
        told = time.fromisoformat(form[field].data or "")
    except ValueError:
        form.blame(field, message=NO_TIME[field])
        return None
    return time(told.hour, told.minute)


def _times(number: int) -> str:
    if not number:
        return gettext("None")
    return speaking().sentence("%(num)s a week", num=number)


def _news_by() -> list[str]:
    """Return the channels by which the member agreed to get news."""
    names = {"push": gettext("notifications"), "email": gettext("e-mail"), "sms": gettext("SMS")}
    return [
        names[each.channel]
        for each in current_consents(session(), current_member().member_id)
        if each.purpose == "marketing" and each.decision == "granted" and each.channel in names
    ]
