"""What the shop knows of a member and what they agreed to; the way to the pages beside it."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, Response, abort, request

from portal.members.lookup import Lookup
from portal.members.operations.consents import withdraw_consent
from portal.members.person import Person
from portal.members.queries.consents import Decision, current_consents, find_text
from portal.members.queries.people import find_person
from portal.members.queries.profiles import Profile, find_profile
from portal.programme.consents import CONSENTS, Consent, record_answers
from portal.programme.rulebooks import rulebook_in_force
from portal.programme.unread import find_unread
from portal.web.addresses import see_other
from portal.web.formats import grouped
from portal.web.guards import member_just_seen, member_just_seen_with
from portal.web.instant import now
from portal.web.language import current_language, gettext
from portal.web.render import page
from portal.web.sessions import current_member
from portal.web.speaker import speaking, stand_by
from portal.web.transactions import session

blueprint = Blueprint("profile", __name__)


@dataclass(frozen=True, slots=True)
class Fact:
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class ConsentState:
    """A consent as the page shows it; `action` is what its button would decide, "" where there is no button."""

    key: str
    title: str
    text: str
    state: str
    given: bool
    action: str
    action_words: str


@blueprint.get("/profile")
@member_just_seen_with(find_unread)
def profile(unread: int) -> Response:
    here = current_member()
    known = find_profile(session(), here.member_id)
    person = find_person(session(), Lookup(kind="id", value=here.member_id))
    if known is None or person is None:
        abort(404)
    rulebook = rulebook_in_force(session(), at=now())
    stand_by(rulebook)
    return page(
        "member/profile.html",
        unread=unread,
        invites=rulebook.referral is not None,
        holiday_gift=rulebook.holiday is not None,
        facts=list(_facts(known, person)),
        consents=_consents(here.member_id, known),
    )


@blueprint.post("/profile/consents")
@member_just_seen
def decide() -> Response:
    """Give or take back one consent; that of the programme itself is not taken back here."""
    consent, member_id = CONSENTS.get(request.form.get("consent", "")), current_member().member_id
    if consent is None or consent.needed:
        abort(400)
    if request.form.get("decision") == "granted":
        record_answers(
            session(),
            member_id,
            [(consent, True)],
            language=current_language(),
            source="profile",
            proof=current_member().session_id,
            now=now(),
        )
    else:
        withdraw_consent(
            session(), member_id, purpose=consent.purpose, channel=consent.channel, source="profile", now=now()
        )
    return see_other("/profile#consents")


def _facts(known: Profile, person: Person) -> Iterator[Fact]:
    yield Fact(gettext("Name"), known.name)
    if known.phone:
        yield Fact(gettext("Phone"), known.phone)
    if known.email:
        yield Fact(gettext("E-mail"), known.email)
    if known.birthday:
        yield Fact(gettext("Birthday"), speaking().day_of_year(known.birthday))
    if known.holiday:
        name = known.holiday_title or gettext("Your own holiday")
        yield Fact(name, speaking().day_of_year(known.holiday))
    yield Fact(gettext("Card"), grouped(person.card_number or ""))
    yield Fact(gettext("Member since"), speaking().day(person.joined_at))


def _consents(member_id: str, known: Profile) -> list[ConsentState]:
    """Tell the consents that could matter to a member with these contacts, given or not."""
    decided = {(each.purpose, each.channel): each for each in current_consents(session(), member_id)}
    states = []
    for consent in CONSENTS.values():
        last = decided.get((consent.purpose, consent.channel))
        granted = last is not None and last.decision == "granted"
        reachable = {"email": known.email, "sms": known.phone}.get(consent.channel or "", "always")
        if reachable or granted:
            states.append(_state(consent, given=last if granted else None))
    return states


def _state(consent: Consent, *, given: Decision | None) -> ConsentState:
    say = speaking()
    if given is None:
        state, action, words = gettext("Not given"), "granted", gettext("Agree")
    else:
        state, action, words = say.sentence("Given on %(day)s", day=say.day(given.at)), "withdrawn", gettext("Withdraw")
    return ConsentState(
        consent.key,
        consent.titles[current_language()],
        _text(consent, given),
        state,
        given is not None,
        "" if consent.needed else action,
        words,
    )


def _text(consent: Consent, given: Decision | None) -> str:
    """Return the words to agree to or, once other words were agreed to, those."""
    if given is not None and given.text_version != consent.version:
        version, language = given.text_version, given.text_language
        agreed = find_text(session(), purpose=consent.purpose, version=version, language=language)
        if agreed is not None:
            return agreed.text
    return consent.texts[current_language()]
