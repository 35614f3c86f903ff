"""Where an invitation leads: who invites, what both get, and the way in. Opening it is counted, nobody is followed."""

import re
from dataclasses import dataclass, field

from flask import Blueprint, Response, request

from portal.member.traces import keep_opened, opened_today
from portal.members.lookup import by_id
from portal.programme.came_by import find_living
from portal.programme.rulebooks import NoRulebook, rulebook_in_force
from portal.programme.show_member import find_member
from portal.referrals.operations import count_click
from portal.referrals.queries import Invitation
from portal.rulebook.document import Rulebook
from portal.rulebook.points import Welcome
from portal.rulebook.validity import lot_dates
from portal.web.addresses import see_other
from portal.web.guards import public
from portal.web.instant import now
from portal.web.language import gettext
from portal.web.render import page
from portal.web.sessions import member_or_none
from portal.web.speaker import speaking, stand_by
from portal.web.transactions import session, write_beside

blueprint = Blueprint("invited", __name__)

_MACHINES = re.compile(r"bot|crawl|spider|preview|facebookexternalhit|whatsapp|vkshare|slurp|curl|wget", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Promise:
    """A line of what an invitation gives."""

    icon: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcoming:
    """What the page says: who invites ("" where the shop itself does) and what comes of it."""

    inviter: str = field(repr=False)
    promises: tuple[Promise, ...]


@blueprint.get("/i/<text>")
@public
def invited(text: str) -> Response:
    invitation = find_living(session(), text[:60])
    if invitation is None:
        return page("member/invited.html", status=404, welcoming=None, member=member_or_none() is not None)
    here = member_or_none()
    if here is not None and here.member_id == invitation.referrer_id:
        return see_other("/invite")
    rulebook = _rulebook()
    if rulebook:
        stand_by(rulebook)
    if here is None and not opened_today(invitation.address) and not _by_machine():
        day = str((now().astimezone(rulebook.zone) if rulebook else now()).date())
        write_beside(lambda session: count_click(session, invitation.place, day=day))
    welcoming = Welcoming(inviter=_inviter(invitation), promises=tuple(_promises(invitation, rulebook)))
    answer = page("member/invited.html", welcoming=welcoming, member=here is not None)
    return answer if here else keep_opened(answer, invitation.address)


def _by_machine() -> bool:
    """Tell what fetches a page for a preview, or ahead of a tap, from a person who opens it."""
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return request.method != "GET" or "prefetch" in purpose or bool(_MACHINES.search(request.user_agent.string))


def _rulebook() -> Rulebook | None:
    try:
        return rulebook_in_force(session(), at=now())
    except NoRulebook:
        return None


def _inviter(invitation: Invitation) -> str:
    if invitation.link is not None:
        return invitation.link.terms.title
    if invitation.referrer_id is None:
        return ""
    return find_member(session(), by_id(invitation.referrer_id)).first_name


def _promises(invitation: Invitation, rulebook: Rulebook | None) -> list[Promise]:
    """Say what the newcomer gets and until when, then what comes for whoever invites."""
    if rulebook is None:
        return []
    say, promises = speaking(), list[Promise]()
    if points := invitation.joining_points(rulebook):
        valid = (rulebook.welcome or Welcome(points=0)).valid
        dates = lot_dates(now(), zone=rulebook.zone, pending_days=0, valid=valid)
        until = say.inclusive(dates.last_valid_day) if dates.last_valid_day else gettext("without an end")
        words = say.sentence("%(points)s for you at once, %(until)s.", points=say.points(points), until=until)
        promises.append(Promise("gift", words))
    worth = say.round_money(rulebook.worth)
    promises.append(Promise("spend", say.sentence("A point is worth %(money)s at the till.", money=worth)))
    if invitation.link is None and rulebook.referral and rulebook.referral.referrer_points:
        given = say.points(rulebook.referral.referrer_points)
        promises.append(Promise("points", say.sentence("%(points)s for the friend who invites you.", points=given)))
    return promises
