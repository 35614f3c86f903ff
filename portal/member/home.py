"""The first screen: greeting, what is new, the balance, what waits, the last entries (visual.md, Home)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from flask import Blueprint, Response, abort, request

from portal.ledger.balance import Glance
from portal.member.rows import Row, whole_rows
from portal.members.operations import note_shown
from portal.programme.member_home import NEWEST, FoundHome, Home, find_home, member_home
from portal.web.addresses import see_other
from portal.web.cookies import cookie_said
from portal.web.guards import member, member_with
from portal.web.instant import now
from portal.web.render import page
from portal.web.sessions import current_member
from portal.web.speaker import Speaker, speaking, stand_by
from portal.web.transactions import session

blueprint = Blueprint("home", __name__)

SHOWN = 3
INSTALL = "install"  # set by static/js/install.js when it is a good moment to tell of the app
NEW_FOR = timedelta(days=1)
URGENT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Part:
    """A line below the balance."""

    icon: str
    words: str
    points: int
    bad: bool = False


@dataclass(frozen=True, slots=True)
class News:
    """Points the member has not seen yet; `up_to` is the number of the newest entry."""

    points: int
    words: str
    address: str
    up_to: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something to be used at the till, and until when."""

    icon: str
    title: str
    line: str
    last_day: date | None


@blueprint.get("/home")
@member_with(find_home)
def home(found: FoundHome) -> Response:
    at, say = now(), speaking()
    seen = member_home(session(), found, language=say.language, now=at)
    place = stand_by(seen.rulebook)
    rows = whole_rows(seen.lines, more=len(seen.lines) == NEWEST)
    waiting = sorted(_waiting(seen, say, today=place.today), key=lambda each: each.last_day or date.max)
    return page(
        "member/home.html",
        greeting=greeting(seen.first_name, say, at=at.astimezone(place.zone)),
        news=_news(rows, seen, at=at),
        available=seen.balance.available,
        worth=seen.balance.available * seen.rulebook.worth,
        parts=_parts(seen, say, told_below=bool(waiting) and waiting[0].icon == "clock"),
        card_number=seen.card_number or "",
        unread=seen.unread,
        waiting=waiting,
        asked=seen.asked,
        tier=seen.tier,
        install=cookie_said(INSTALL) == "1",
        invites=seen.rulebook.referral is not None,
        rows=[row for row in rows if not row.moved][:SHOWN],
    )


@blueprint.post("/home/shown")
@member
def shown() -> Response:
    """Note that the new points were seen: by the page once a person looks at it, or by a tap."""
    told = request.form.get("up_to", "")
    if not (told.isdecimal() and len(told) < 10):
        abort(400)
    note_shown(session(), current_member().member_id, up_to=int(told))
    return see_other("/home")


def greeting(name: str, say: Speaker, *, at: datetime) -> str:
    """Greet by the shop's clock."""
    if 5 <= at.hour < 12:
        return say.sentence("Good morning, %(name)s", name=name)
    if 12 <= at.hour < 18:
        return say.sentence("Good afternoon, %(name)s", name=name)
    if 18 <= at.hour < 23:
        return say.sentence("Good evening, %(name)s", name=name)
    return say.sentence("Hello, %(name)s", name=name)


def _parts(seen: Home, say: Speaker, *, told_below: bool) -> list[Part]:
    """Tell the parts of the balance, each once: what runs out first is left to its tile where that is shown."""
    return [part for part in balance_parts(seen.balance, say) if part.icon != "clock" or not told_below]


def balance_parts(balance: Glance, say: Speaker) -> list[Part]:
    """Tell what cannot be spent now and what runs out first, one line each, only what there is."""
    parts: list[Part] = []
    if balance.released_from:
        first = say.day(balance.released_from)
        if balance.releases > 1:
            words = say.sentence("Pending, the first from %(day)s", day=first)
        else:
            words = say.sentence("Available from %(day)s", day=first)
        parts.append(Part("waiting", words, balance.pending))
    runs_out = balance.runs_out
    if runs_out and runs_out.last_valid_day:
        words = say.sentence("Valid until %(day)s inclusive", day=say.day(runs_out.last_valid_day))
        parts.append(Part("clock", words, runs_out.points))
    if balance.held:
        parts.append(Part("lock", say.sentence("Set aside at a till"), balance.held))
    if balance.debt:
        parts.append(Part("alert", say.sentence("Owed: the next points cover it"), balance.debt, bad=True))
    return parts


def _news(rows: list[Row], seen: Home, *, at: datetime) -> News | None:
    """Return the newest row that gave points, until the member has seen it; a gift waits in a tile of its own."""
    fresh = (row for row in rows if row.number > seen.shown and row.points > 0 and not (row.moved or row.gift))
    row = next((row for row in fresh if at - row.at < NEW_FOR), None)
    newest = max((line.number for line in seen.lines), default=0)
    return News(row.points, row.title, row.address, newest) if row else None


def _waiting(seen: Home, say: Speaker, *, today: date) -> list[Waiting]:
    """Return gifts, open rights and points that run out within days."""
    at_the_till = say.sentence("Show the card at the till")
    found = [
        Waiting("gift", say.times(gift.title, Fraction(gift.units)), at_the_till, gift.last_valid_day)
        for gift in seen.gifts
    ]
    found += [Waiting("offer", each.title, at_the_till, each.last_valid_day) for each in seen.privileges]
    each = seen.balance.runs_out
    if each and each.last_valid_day and each.last_valid_day - today <= URGENT:
        title = f"{say.points(each.points)} {say.inclusive(each.last_valid_day)}"
        found.append(Waiting("clock", title, say.sentence("Use them at the till"), each.last_valid_day))
    return found
