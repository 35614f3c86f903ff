"""What the demo's members can choose for points, and what the shop gave to two of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.demo.cast import ADA, BEN
from portal.ids import new_id
from portal.ledger.accruals import NotEnoughPoints
from portal.members.occasions import holiday_of
from portal.members.operations import set_holiday
from portal.perks.operations.shelf import put_on_shelf
from portal.perks.shelf import Reward
from portal.programme.agent_clients import clients_and_splits, split_next_sale
from portal.programme.command import Command
from portal.programme.give_perks import give_coupon, give_gift
from portal.programme.keep_holidays import keep_holidays
from portal.programme.redeem_reward import take_reward

_SOON, _LONG_AGO = timedelta(days=2), timedelta(days=60)
_MASK = {"ru": "Тканевая маска", "en": "A sheet mask"}


def _reward(name: str, *, ru: str, en: str, points: int, about: tuple[str, str] = ("", "")) -> Reward:
    return Reward(
        id=name, title={"ru": ru, "en": en}, about={"ru": about[0], "en": about[1]}, points=points, left=None,
        opens_at=None, closes_at=None, tiers=(), per_member=None, valid_days=14, on_shelf=True,
    )  # fmt: skip


SHELF: tuple[tuple[Reward, int | None], ...] = (
    (_reward("mask", **_MASK, points=100, about=("Любая из трёх", "Any of the three")), None),
    (_reward("brush", ru="Щётка для умывания", en="A cleansing brush", points=350), 40),
    (_reward("bag", ru="Косметичка «Пенка»", en="The Lather pouch", points=600), 6),
    (_reward("ritual", ru="Уход у косметолога", en="An hour with our beautician",
             points=6000, about=("Один час, по записи", "One hour, by appointment")), 4),
)  # fmt: skip


def fill_shelf(session: Session, members: Mapping[str, str], *, now: datetime) -> None:
    """Put the rewards up; Ada has two gifts, a coupon, a reward to fetch and a holiday soon, Ben a gift."""
    for reward, stock in SHELF:
        put_on_shelf(session, reward, stock=stock)
    for contact, units in ((ADA.contact, 2), (BEN.contact, 1)):
        if contact in members:
            _give_masks(session, members[contact], units, now=now)
    if ADA.contact in members:
        _give_ada(session, members[ADA.contact], now=now)
        _celebrate(session, members[ADA.contact], now=now)
        _treat_a_client(session, members[ADA.contact], now=now)


def _celebrate(session: Session, member_id: str, *, now: datetime) -> None:
    """Let Ada's own holiday be the day after tomorrow; she told it long ago."""
    day = (now + _SOON).date()
    set_holiday(session, member_id, holiday_of(month=day.month, day=day.day), title="Именины", now=now - _LONG_AGO)
    yesterday = (now - timedelta(days=1)).replace(hour=12)  # nothing is opened at night, and it may be night now
    keep_holidays(session, progress=None, now=yesterday, limit=100)


def _treat_a_client(session: Session, member_id: str, *, now: datetime) -> None:
    """Let Ada have given one of her clients better terms for the next purchase."""
    found = clients_and_splits(session, member_id, now=now)
    if found.clients and found.splits:
        client, split = found.clients[0], found.splits[0]
        split_next_sale(session, member_id, client.member_id, segment=split.segment, now=now)


def _give_masks(session: Session, member_id: str, units: int, *, now: datetime) -> None:
    give_gift(
        session, member_id, wallet="gift_mask", units=units, valid_days=20, title="", command=_command("gift", now)
    )


def _give_ada(session: Session, member_id: str, *, now: datetime) -> None:
    give_coupon(
        session,
        template="thanks150",
        member_id=member_id,
        code=None,
        uses=1,
        valid_days=9,
        command=_command("coupon", now),
    )
    try:
        take_reward(session, member_id, "mask", taken_id=new_id(now), now=now)
    except NotEnoughPoints:
        return  # in a short year Ada has spent them all


def _command(key: str, now: datetime) -> Command:
    return Command(client="demo", key=key, now=now, operator="demo")
