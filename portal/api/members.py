"""Members: enrolled, found, corrected, forgotten."""

from flask import current_app

from portal.api.api import api
from portal.api.deeds import note_deed
from portal.api.keys import Caller
from portal.api.member_bodies import CorrectionBody, ErasedAnswer, FindBy, JoinBody, JoinedAnswer, MemberDone
from portal.api.repeats import once
from portal.errors import Refused
from portal.members.lookup import by_id
from portal.members.operations import Newcomer
from portal.members.operations.profile import Correction
from portal.programme.came_by import NOTHING, CameBy, find_living
from portal.programme.command import Answered
from portal.programme.correct_member import Birthday, MemberCorrection, correct_member
from portal.programme.enrol_member import EnrolAnswer, Joining, enrol_member
from portal.programme.erase_member import erase_member
from portal.programme.judging import CLOCK_SKEW
from portal.programme.show_member import MemberAnswer, show_member
from portal.web.transactions import session


class FutureJoining(Refused):
    code = "joining-in-the-future"
    text = "The time of joining lies in the future."


SYSTEMS = ("shop", "crm", "admin")
EVERYBODY = ("till", "shop", "crm", "admin")


@api.operation(
    "POST",
    "/members",
    summary="Enrol a member",
    scopes=EVERYBODY,
    body=JoinBody,
    answers={201: JoinedAnswer, 200: JoinedAnswer},
    nature="commands",
)
def join(caller: Caller, *, body: JoinBody) -> Answered[JoinedAnswer]:
    """Make a member, or find the one with this contact; a birthday is noted for a new one."""
    done = once(caller, lambda: _enrol(caller, body), EnrolAnswer, name="join", body=body)
    member = show_member(session(), by_id(done.body.member_id), now=caller.now)
    told = done.body
    answer = JoinedAnswer(member=member, created=told.created, welcome=told.welcome, invite=told.invite)
    return Answered(answer, done.status, done.replayed)


@api.operation(
    "GET",
    "/members",
    summary="Find a member",
    scopes=SYSTEMS,
    parameters=FindBy,
    answers={200: MemberAnswer},
    nature="reads",
)
def find_member(caller: Caller, *, parameters: FindBy) -> MemberAnswer:
    """Return the member with a phone, an address or a card."""
    return show_member(session(), parameters.member().lookup(), now=caller.now)


@api.operation(
    "GET",
    "/members/<member_id>",
    summary="Show a member",
    scopes=SYSTEMS,
    answers={200: MemberAnswer},
    nature="reads",
)
def member(caller: Caller, *, member_id: str) -> MemberAnswer:
    """Return a member, one who left included."""
    return show_member(session(), by_id(member_id), now=caller.now)


@api.operation(
    "PATCH",
    "/members/<member_id>",
    summary="Correct a member",
    scopes=SYSTEMS,
    body=CorrectionBody,
    answers={200: MemberAnswer},
    nature="commands",
)
def correct(caller: Caller, *, member_id: str, body: CorrectionBody) -> Answered[MemberAnswer]:
    """Change what was told wrong; another contact ends sign-ins and pauses spending for a day."""

    def change() -> Answered[MemberDone]:
        correct_member(session(), member_id, body.correction(), secret=_secret(), command=caller.command())
        changed = sorted(body.model_fields_set)
        note_deed(caller, "member.corrected", subject="member", subject_id=member_id, changed=changed)
        return Answered(MemberDone(member_id=member_id), 200, replayed=False)

    done = once(caller, change, MemberDone, name=f"correct {member_id}", body=body)
    return Answered(show_member(session(), by_id(member_id), now=caller.now), done.status, done.replayed)


@api.operation(
    "DELETE",
    "/members/<member_id>",
    summary="Forget a member",
    scopes=("crm", "admin"),
    answers={200: ErasedAnswer},
    nature="commands",
)
def erase(caller: Caller, *, member_id: str) -> Answered[ErasedAnswer]:
    """Forget the person for ever; points run out, numbers stay without a name."""

    def forget() -> Answered[ErasedAnswer]:
        known = show_member(session(), by_id(member_id), now=caller.now)
        erased = erase_member(session(), known.id, secret=_secret(), now=caller.now)
        note_deed(caller, "member.erased", subject="member", subject_id=known.id, erased=erased)
        return Answered(ErasedAnswer(member_id=known.id, erased=erased), 200, replayed=False)

    return once(caller, forget, ErasedAnswer, name=f"erase {member_id}", body=None)


def _enrol(caller: Caller, body: JoinBody) -> Answered[EnrolAnswer]:
    at = body.at or caller.now
    if at > caller.now + CLOCK_SKEW:
        raise FutureJoining
    came_by = _came_by(body.invite)
    newcomer = Newcomer(
        contacts=body.contacts(),
        name=body.name,
        language=body.language or caller.language,
        verified=False,
        time_zone=body.time_zone,
        referred_by=None if came_by.code else body.invite,
    )
    joining = Joining(
        granted=body.consents,
        language=body.language or caller.language,
        source="api",
        proof=None,
        at=at,
        came_by=came_by,
    )
    enrolled = enrol_member(session(), newcomer, joining, secret=_secret(), now=caller.now)
    if enrolled.created and body.birthday:
        told = MemberCorrection(profile=Correction(), birthday=Birthday(body.birthday))
        correct_member(session(), enrolled.member_id, told, secret=_secret(), command=caller.command())
    return Answered(enrolled, 201 if enrolled.created else 200, replayed=False)


def _came_by(invite: str | None) -> CameBy:
    """Take an invite for a code or a link where it is one; else it is the shop's own mark, which rules may ask for."""
    return CameBy(code=invite) if invite and find_living(session(), invite) else NOTHING


def _secret() -> str:
    return current_app.config["SECRET_KEY"]
