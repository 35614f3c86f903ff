"""What is open to the member now: gifts that wait, rights with their countdown, coupons, offers (product.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response

from portal.programme.member_offers import Offers, Promotion, member_offers
from portal.programme.unread import find_unread
from portal.web.guards import member_with
from portal.web.instant import now
from portal.web.language import current_language, gettext
from portal.web.render import page
from portal.web.sessions import current_member
from portal.web.speaker import speaking, stand_by
from portal.web.transactions import session

blueprint = Blueprint("offers", __name__)

COUNTED_DOWN = 14
"""From so many days on the days left are told instead of the date."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One thing to use: what it is, what it gives, until when; `soon` when that is within days."""

    icon: str
    title: str
    line: str
    ends: str
    soon: bool = False
    code: str = ""


@blueprint.get("/offers")
@member_with(find_unread)
def offers(unread: int) -> Response:
    found = member_offers(session(), current_member().member_id, language=current_language(), now=now())
    stand_by(found.rulebook)
    return page(
        "member/offers.html",
        unread=unread,
        yours=_yours(found),
        coupons=_coupons(found),
        club=[_promotion(each, found) for each in found.promotions if each.club],
        promotions=[_promotion(each, found) for each in found.promotions if not each.club],
    )


def _yours(found: Offers) -> list[Tile]:
    """Return gifts and open rights, the soonest ending first."""
    dated = [
        (gift.last_valid_day, "gift", gift.title, _given_out(gift.units)) for gift in found.gifts
    ] + [
        (each.last_valid_day, "offer", each.title, _used(found.privilege_gives[each.privilege], each.uses_left))
        for each in found.privileges
    ]  # fmt: skip
    dated.sort(key=lambda each: each[0] or date.max)
    return [_tile(icon, title, line, last=last, found=found) for last, icon, title, line in dated]


def _coupons(found: Offers) -> list[Tile]:
    return [
        _tile(
            "coupon",
            each.title,
            _used(found.coupon_gives[each.template], each.uses_left),
            last=each.last_valid_day,
            found=found,
            code=each.code,
        )
        for each in found.coupons
    ]


def _promotion(each: Promotion, found: Offers) -> Tile:
    return _tile("lock" if each.club else "points", each.title, "; ".join(each.gives), last=each.last_day, found=found)


def _tile(icon: str, title: str, line: str, *, last: date | None, found: Offers, code: str = "") -> Tile:
    left = None if last is None else (last - now().astimezone(found.rulebook.zone).date()).days
    soon = left is not None and left <= 2
    return Tile(icon, title, line, _ends(last, left), soon, code)


def _ends(last: date | None, left: int | None) -> str:
    if last is None or left is None:
        return ""
    if left <= 0:
        return gettext("Last day today")
    if left <= COUNTED_DOWN:
        return speaking().counted_sentence("%(num)s day left", "%(num)s days left", left, num=left)
    return speaking().inclusive(last)


def _given_out(units: int) -> str:
    if units == 1:
        return gettext("Given out at the till")
    return speaking().counted_sentence(
        "%(num)s piece, given out at the till", "%(num)s pieces, given out at the till", units, num=units
    )


def _used(gives: Sequence[str], uses_left: int | None) -> str:
    """Tell what it gives; how often, where that is more than once."""
    told = "; ".join(gives)
    if uses_left is None or uses_left == 1:
        return told
    times = speaking().counted_sentence("%(num)s purchase", "%(num)s purchases", uses_left, num=uses_left)
    return f"{told} · {times}" if told else times
