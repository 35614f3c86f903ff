"""The reward shelf: now, almost, far. Taking one makes a code for the till; until it is used it can be given back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, Response, abort, request
from markupsafe import Markup

from portal.errors import Refused
from portal.ids import is_id, new_id
from portal.perks.shelf import RewardUnknown, Taken
from portal.programme.member_shelf import Place, Shelf, find_own, find_place, member_shelf
from portal.programme.redeem_reward import RewardUsed, give_reward_back, take_reward
from portal.programme.unread import find_unread
from portal.rulebook.values import title_in
from portal.web.addresses import see_other
from portal.web.formats import in_fives
from portal.web.guards import member, member_just_seen, member_with
from portal.web.instant import now
from portal.web.language import current_language, gettext, mark, said
from portal.web.qr import card_svg
from portal.web.render import page
from portal.web.sessions import current_member
from portal.web.speaker import speaking, stand_by
from portal.web.transactions import session

blueprint = Blueprint("rewards", __name__)

FEW = 10
"""From so many on what is left of a reward is told."""
_MOMENT = timedelta(microseconds=1)
_SHUT = {
    "sold_out": mark("All taken"),
    "tier": mark("For other tiers"),
    "had": mark("You have had it"),
    "over": mark("Over"),
    "not_yet": mark("Not open yet"),
}
_HEADS = {"now": mark("You can take now"), "almost": mark("Almost there"), "far": mark("Worth saving for")}


@dataclass(frozen=True, slots=True)
class Tile:
    """A reward in a list: `state` says what is lacking or why it is shut, `share` is what is there, in percent."""

    id: str
    title: str
    about: str
    points: int
    state: str
    few: str
    share: int
    open: bool


@dataclass(frozen=True, slots=True)
class Section:
    """Rewards that are equally near."""

    name: str
    head: str
    tiles: list[Tile]


@dataclass(frozen=True, slots=True)
class ShownReward:
    """A reward that was taken: its code in groups, drawn where it still works, and until when."""

    id: str
    title: str
    points: int
    code: str
    drawn: Markup | None
    last: datetime
    state: str
    open: bool


@blueprint.get("/rewards")
@member_with(find_unread)
def rewards(unread: int) -> Response:
    shelf = _shelf()
    waiting = [_shown(taken) for taken in shelf.taken if taken.works(now())]
    sections = [
        Section(near, gettext(head), [_tile(place) for place in shelf.places if place.near == near])
        for near, head in _HEADS.items()
    ]
    return page(
        "member/rewards.html",
        unread=unread,
        available=shelf.available,
        debt=shelf.debt,
        waiting=waiting,
        sections=[section for section in sections if section.tiles],
    )


@blueprint.get("/rewards/<reward_id>")
@member
def reward(reward_id: str) -> Response:
    return _reward_page(_shelf(), reward_id)


@blueprint.post("/rewards/<reward_id>")
@member_just_seen
def take(reward_id: str) -> Response:
    """Take a reward once, however often the button is pressed; a refusal is told on the page, and takes nothing."""
    taken_id = request.form.get("taken", "")
    if not is_id(taken_id):
        abort(400)
    try:
        taken = take_reward(session(), current_member().member_id, reward_id, taken_id=taken_id, now=now())
    except RewardUnknown:
        abort(404)
    except Refused as refusal:
        return _reward_page(_shelf(), reward_id, refusal=refusal)
    return see_other(f"/rewards/taken/{taken.id}")


@blueprint.get("/rewards/taken/<taken_id>")
@member
def taken(taken_id: str) -> Response:
    return _taken_page(taken_id)


@blueprint.post("/rewards/taken/<taken_id>/back")
@member_just_seen
def give_back(taken_id: str) -> Response:
    try:
        give_reward_back(session(), current_member().member_id, taken_id, now=now())
    except RewardUnknown:
        abort(404)
    except RewardUsed as refusal:
        return _taken_page(taken_id, refusal=refusal)
    return see_other(f"/rewards/taken/{taken_id}")


def _shelf() -> Shelf:
    shelf = member_shelf(session(), current_member().member_id, now=now())
    stand_by(shelf.rulebook)
    return shelf


def _reward_page(shelf: Shelf, reward_id: str, *, refusal: Refused | None = None) -> Response:
    try:
        place = find_place(shelf, reward_id)
    except RewardUnknown:
        abort(404)
    return page(
        "member/reward.html",
        status=refusal.status if refusal else 200,
        tile=_tile(place),
        left=shelf.available - place.reward.points,
        valid_days=place.reward.valid_days,
        taken=new_id(now()),
        reason=said(refusal) if refusal else "",
    )


def _taken_page(taken_id: str, *, refusal: Refused | None = None) -> Response:
    try:
        found = find_own(session(), current_member().member_id, taken_id)
    except RewardUnknown:
        abort(404)
    return page(
        "member/taken_reward.html",
        status=refusal.status if refusal else 200,
        shown=_shown(found, drawn=True),
        reason=said(refusal) if refusal else "",
    )


def _tile(place: Place) -> Tile:
    reward, say = place.reward, speaking()
    few = reward.left is not None and 0 < reward.left <= FEW
    return Tile(
        id=reward.id,
        title=title_in(dict(reward.title), current_language()),
        about=title_in(dict(reward.about), current_language()),
        points=reward.points,
        state=_state(place),
        few=say.counted_sentence("%(num)s left", "%(num)s left", reward.left or 0, num=reward.left) if few else "",
        share=min(100, max(0, reward.points - place.lack) * 100 // reward.points),
        open=place.shut is None and not place.lack,
    )


def _state(place: Place) -> str:
    say, reward = speaking(), place.reward
    if place.shut == "not_yet" and reward.opens_at is not None:
        return say.sentence("From %(day)s", day=say.day(reward.opens_at))
    if place.shut is not None:
        return gettext(_SHUT[place.shut])
    if place.lack:
        return say.counted_sentence("%(num)s point more", "%(num)s points more", place.lack, num=say.number(place.lack))
    if reward.closes_at is not None:
        return say.inclusive(say.date_of(reward.closes_at - _MOMENT))
    return ""


def _shown(taken: Taken, *, drawn: bool = False) -> ShownReward:
    works = taken.works(now())
    title = title_in(dict(taken.reward.title), current_language())
    label = speaking().sentence("Code of the reward %(title)s", title=title)
    return ShownReward(
        id=taken.id,
        title=title,
        points=taken.points,
        code=in_fives(taken.code),
        drawn=card_svg(taken.code, label=label) if drawn and works else None,
        last=taken.until - _MOMENT,
        state=_fate(taken, works=works),
        open=works,
    )


def _fate(taken: Taken, *, works: bool) -> str:
    say = speaking()
    if works:
        return say.inclusive(say.date_of(taken.until - _MOMENT))
    if taken.state == "used":
        return say.sentence("Handed out on %(day)s", day=say.day(taken.ended_at or taken.until))
    if taken.state == "returned":
        return gettext("Given back, the points are yours again")
    return gettext("The code has run out; the points come back by themselves")
