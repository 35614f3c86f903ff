"""A member invites: link, code and QR to pass on, what came of it, and a code of one's own, once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from flask import Blueprint, Response, request
from wtforms import StringField

from portal.errors import Refused
from portal.programme.invite_friends import BroughtFriend, Invited, invitation_of
from portal.programme.rulebooks import rulebook_in_force
from portal.referrals.codes import grouped
from portal.referrals.operations import choose_code, own_code
from portal.rulebook.document import Rulebook
from portal.rulebook.effects.accrue_percent import AccruePercent
from portal.rulebook.referral import Referral
from portal.web.addresses import see_other
from portal.web.forms import Needed, PortalForm, stripped
from portal.web.guards import member
from portal.web.instant import now
from portal.web.language import gettext, mark, said
from portal.web.qr import card_svg
from portal.web.render import page
from portal.web.sessions import current_member
from portal.web.settings import settings
from portal.web.speaker import speaking, stand_by
from portal.web.transactions import session, write_beside

blueprint = Blueprint("invite", __name__)


class CodeForm(PortalForm):
    code = StringField(filters=[stripped], validators=[Needed(mark("Type a code of your own."))])


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the funnel: how many came so far, and what that brought."""

    words: str
    count: int
    points: int = 0


@dataclass(frozen=True, slots=True)
class Friend:
    """Somebody who came, and how far."""

    first_name: str = field(repr=False)
    joined_at: datetime
    words: str
    bought: bool


@blueprint.get("/invite")
@member
def invite() -> Response:
    return _page(CodeForm())


@blueprint.post("/invite/code")
@member
def code() -> Response:
    """Change the code for one of the member's choice."""
    form = CodeForm(request.form)
    if not form.validate():
        return _page(form, status=422)
    try:
        choose_code(session(), current_member().member_id, stripped(form.code.data), now=now())
    except Refused as refusal:
        form.blame("code", message=said(refusal))
        return _page(form, status=refusal.status)
    return see_other("/invite")


def _page(form: CodeForm, *, status: int = 200) -> Response:
    rulebook = rulebook_in_force(session(), at=now())
    stand_by(rulebook)
    shown = _code()
    told = invitation_of(session(), current_member().member_id, now=now())
    link = f"{settings().origin}/i/{shown}"
    return page(
        "member/invite.html",
        status=status,
        form=form,
        code=grouped(shown),
        chosen=told.chosen,
        link=link,
        picture=card_svg(link, label=gettext("Code that opens your invitation")),
        promises=_promises(rulebook.referral or Referral(), rulebook),
        steps=_steps(told),
        below=told.below,
        clients=told.clients,
        friends=[_friend(each) for each in told.friends],
    )


def _code() -> str:
    """Return the member's code; it is drawn at the first visit."""
    drawn: list[str] = []
    write_beside(lambda session: drawn.append(own_code(session, current_member().member_id, now=now())))
    return drawn[-1]


def _promises(terms: Referral, rulebook: Rulebook) -> list[str]:
    """Say what the friend gets and what the member does, as the rulebook has it."""
    say, said_of = speaking(), list[str]()
    if friends := rulebook.joining_points(by_friend=True):
        said_of.append(say.sentence("Your friend gets %(points)s for joining.", points=say.points(friends)))
    mine = say.points(terms.referrer_points)
    if terms.referrer_points and terms.referrer_bonus_when == "joined":
        said_of.append(say.sentence("You get %(points)s as soon as they join.", points=mine))
    elif terms.referrer_points and terms.kept_days:
        days = say.counted_sentence("%(num)s day", "%(num)s days", terms.kept_days, num=terms.kept_days)
        said_of.append(
            say.sentence(
                "You get %(points)s with their first purchase; they can be spent %(days)s later.",
                points=mine,
                days=days,
            )
        )
    elif terms.referrer_points:
        said_of.append(say.sentence("You get %(points)s with their first purchase.", points=mine))
    if share := sum(_shares(rulebook)):
        said_of.append(say.sentence("And %(rate)s of what they pay, every time.", rate=say.percent(share)))
    return said_of


def _shares(rulebook: Rulebook) -> Iterator[int]:
    """Yield the percents that come of every purchase of whoever was brought, in basis points."""
    for rule in rulebook.rules_at(now()):
        if rule.when.type in ("always", "referred"):
            for effect in rule.effects:
                if isinstance(effect, AccruePercent) and (effect.to, effect.level) == ("referrer", 1):
                    yield effect.rate_bp


def _steps(told: Invited) -> list[Step]:
    return [
        Step(gettext("Opened your invitation"), told.opened),
        Step(gettext("Joined"), told.joined, told.points_for_joining),
        Step(gettext("Bought"), told.bought, told.points_for_purchases),
    ]


def _friend(friend: BroughtFriend) -> Friend:
    say = speaking()
    if friend.purchases:
        words = say.counted_sentence("%(num)s purchase", "%(num)s purchases", friend.purchases, num=friend.purchases)
    else:
        words = gettext("No purchase yet")
    return Friend(friend.first_name or gettext("Member"), friend.joined_at, words, bought=friend.purchases > 0)
