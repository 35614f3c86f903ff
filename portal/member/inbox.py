"""Every message, newest first, also those held back; why each of them came."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, abort, request

from portal.db import epoch, instant
from portal.notifications.kinds import Words
from portal.notifications.operations import mark_all_read, mark_read
from portal.notifications.queries import InboxMessage, find_message
from portal.notifications.queries import inbox as read_inbox
from portal.programme.rulebooks import rulebook_in_force
from portal.rulebook.explain.voice import Voice
from portal.web.addresses import see_other
from portal.web.guards import member
from portal.web.instant import now
from portal.web.language import current_language, gettext, mark
from portal.web.render import page
from portal.web.sessions import current_member
from portal.web.speaker import speaking, stand_by
from portal.web.transactions import session

blueprint = Blueprint("inbox", __name__)

AT_ONCE = 30
ICONS = {
    "purchase": "points",
    "redemption": "spend",
    "points_released": "waiting",
    "points_expiring": "clock",
    "welcome": "gift",
    "gift_given": "gift",
    "own_holiday": "birthday",
    "wish_answered": "offer",
    "spending_asked": "spend",
    "tier_changed": "card",
    "tier_keep": "clock",
    "tier_near": "card",
    "privilege_opened": "offer",
    "friend_joined": "gift",
    "new_device": "lock",
    "contact_changed": "lock",
}
HELD = {
    "weekly_cap": mark("Held back by your weekly limit"),
    "min_gap": mark("Held back: another one came less than a day before"),
    "no_consent": mark("Held back: you did not agree to news"),
    "too_late": mark("Held back: it would have come too late"),
    "silenced": mark("Held back: you switched this topic off"),
    "held_out": mark("Held back: the shop sends it to some members only"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A message in one line and a bit; `fate` is said only of what did not come as usual."""

    id: str
    icon: str
    words: Words
    at: datetime
    unread: bool
    fate: str


@blueprint.get("/inbox")
@member
def inbox() -> Response:
    voice, place = _voice(), _place()
    found = read_inbox(session(), current_member().member_id, before=place, limit=AT_ONCE + 1)
    rows = [_row(message, voice) for message in found[:AT_ONCE]]
    earlier = f"/inbox?before={rows[-1].id}" if len(found) > AT_ONCE else None
    unread = [row for row in rows if row.unread]
    return page(
        "member/inbox.html",
        rows=rows,
        earlier=earlier,
        goes_on=place is not None,
        up_to=epoch(unread[0].at) if unread else None,
    )


@blueprint.get("/inbox/<message_id>")
@member
def message(message_id: str) -> Response:
    found = find_message(session(), current_member().member_id, message_id)
    if found is None:
        abort(404)
    voice = _voice()
    return page(
        "member/message.html",
        row=_row(found, voice),
        delivered=_fate(found) or _delivered(found),
        service=_why_at_all(found),
        marketing=found.kind.topic.marketing,
    )


@blueprint.post("/inbox/read")
@member
def read() -> Response:
    """Mark one message as read, or everything that came by an instant; what came later stays unread."""
    member_id, one = current_member().member_id, request.form.get("message")
    if one is not None:
        found = find_message(session(), member_id, one) or abort(404)
        mark_read(session(), member_id, found.id, now=now())
        return see_other(f"/inbox/{found.id}")
    told = request.form.get("up_to", "")
    if not (told.isdecimal() and len(told) < 17):
        abort(400)
    mark_all_read(session(), member_id, up_to=instant(int(told)), now=now())
    return see_other("/inbox")


def _voice() -> Voice:
    """Speak the page's language, of the shop's days; the rest of the page does so too."""
    rulebook = rulebook_in_force(session(), at=now())
    stand_by(rulebook)
    year = now().astimezone(rulebook.zone).year
    return Voice(language=current_language(), currency=rulebook.currency, year=year, zone=rulebook.zone)


def _place() -> tuple[datetime, str] | None:
    """Return where the page before ended."""
    before = request.args.get("before", "")
    found = find_message(session(), current_member().member_id, before) if before else None
    return (found.at, found.id) if found else None


def _row(message: InboxMessage, voice: Voice) -> Row:
    words = message.kind.write(message.facts, voice)
    icon = ICONS[message.kind.name]
    return Row(message.id, icon, words, message.at, message.unread, _fate(message))


def _fate(message: InboxMessage) -> str:
    if message.reason is not None:
        return gettext(HELD[message.reason])
    if message.due_at is not None:
        return gettext("You will be told when your quiet hours are over")
    return ""


def _delivered(message: InboxMessage) -> str:
    if not message.channels:
        return gettext("Here alone, without a notification")
    ways = {"push": gettext("by a notification"), "email": gettext("by e-mail")}
    return speaking().sentence("Sent %(ways)s", ways=", ".join(ways[channel] for channel in message.channels))


def _why_at_all(message: InboxMessage) -> str:
    topic = message.kind.topic
    if topic.marketing:
        return gettext("News of the shop: only with your consent, and never more than you allow.")
    if topic.always:
        return gettext("Messages about the safety of your card always come.")
    return gettext("This is about your own points, not advertising.")
