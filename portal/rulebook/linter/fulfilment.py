"""How a sale is changed so that a condition holds: the ways of each kind, the likeliest first."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeAlias

from portal.rulebook.conditions import BaseCondition
from portal.rulebook.conditions.all_of import All
from portal.rulebook.conditions.any_of import AnyOf
from portal.rulebook.conditions.birthday import Birthday
from portal.rulebook.conditions.channel import Channel
from portal.rulebook.conditions.coupon import Coupon
from portal.rulebook.conditions.days_since_last import DaysSinceLast
from portal.rulebook.conditions.line_qty import LineQty
from portal.rulebook.conditions.line_total import LineTotal
from portal.rulebook.conditions.previous_purchase import PreviousPurchase
from portal.rulebook.conditions.privilege import Privilege
from portal.rulebook.conditions.profile import Profile
from portal.rulebook.conditions.purchase_number import PurchaseNumber
from portal.rulebook.conditions.receipt_total import ReceiptTotal
from portal.rulebook.conditions.referred import Referred
from portal.rulebook.conditions.segment import Segment
from portal.rulebook.conditions.store import Store
from portal.rulebook.conditions.tier import Tier
from portal.rulebook.conditions.time_window import TimeWindow
from portal.rulebook.conditions.weekly import Weekly
from portal.rulebook.linter.basket import Basket, line_of, priced
from portal.rulebook.member_state import HeldCoupon, HeldPrivilege, LastPurchase
from portal.rulebook.moments import local_time
from portal.rulebook.windows import weekly_contains

BORN = 1990
WEEK = 7

Ways: TypeAlias = Iterator[Basket]


def ways_to(condition: BaseCondition, basket: Basket) -> Ways:
    """Give sales in which the condition holds, as little changed as can be; none for what is not known how."""
    find = _WAYS.get(type(condition))
    if find:
        yield from find(condition, basket)


def fulfilled(conditions: Iterable[BaseCondition], basket: Basket) -> Basket:
    """Return the sale changed for each of the conditions in turn, by the likeliest way."""
    for condition in conditions:
        basket = next(ways_to(condition, basket), basket)
    return basket


def _all(condition: All, basket: Basket) -> Ways:
    yield fulfilled(condition.parts(), basket)


def _any(condition: AnyOf, basket: Basket) -> Ways:
    for part in condition.parts():
        yield from ways_to(part, basket)


def _time_window(condition: TimeWindow, basket: Basket) -> Ways:
    at, since, until = basket.receipt.at, condition.from_, condition.until
    if since is not None:
        yield basket.told(at=local_time(since, at))
    elif until is not None:
        yield basket.told(at=local_time(until, at) - timedelta(minutes=1))


def _weekly(condition: Weekly, basket: Basket) -> Ways:
    now = basket.receipt.at
    starts = (now + timedelta(days=days) for days in range(WEEK + 1))
    for at in (now, *(start.replace(hour=condition.start.hour, minute=condition.start.minute) for start in starts)):
        if at >= now and weekly_contains(at, days=condition.days, start=condition.start, end=condition.end):
            yield basket.told(at=at)
            return


def _tier(condition: Tier, basket: Basket) -> Ways:
    return (basket.bought_by(tier=tier) for tier in condition.in_)


def _segment(condition: Segment, basket: Basket) -> Ways:
    held = basket.member.segments
    return (basket.bought_by(segments=(*held, segment)) for segment in condition.in_ if segment not in held)


def _channel(condition: Channel, basket: Basket) -> Ways:
    return (basket.told(channel=channel) for channel in condition.in_)


def _store(condition: Store, basket: Basket) -> Ways:
    return (basket.told(store=store) for store in condition.in_)


def _receipt_total(condition: ReceiptTotal, basket: Basket) -> Ways:
    least = condition.min if condition.min is not None else (condition.more_than or 0) + 1
    yield priced(basket, least)
    if condition.asks_net():
        yield from (priced(basket, least * times) for times in (2, 4))
    if condition.max is not None:
        yield priced(basket, condition.max)


def _line_total(condition: LineTotal, basket: Basket) -> Ways:
    line = line_of([condition.lines], price=condition.min)
    if line:
        yield basket.and_also(line)
        yield basket.over([line])


def _line_qty(condition: LineQty, basket: Basket) -> Ways:
    line = line_of([condition.lines], price=basket.receipt.lines[0].gross)
    if line:
        yield basket.and_also(replace(line, qty=condition.min))
        yield basket.over([replace(line, qty=condition.min)])


def _previous_purchase(condition: PreviousPurchase, basket: Basket) -> Ways:
    net = condition.min if condition.min is not None else (condition.more_than or 0) + 1
    yield _bought_before(basket, days=min(1, condition.within_days or 1), net=net)


def _days_since_last(condition: DaysSinceLast, basket: Basket) -> Ways:
    yield _bought_before(basket, days=condition.min or 0, net=basket.receipt.lines[0].gross)


def _purchase_number(condition: PurchaseNumber, basket: Basket) -> Ways:
    yield basket.bought_by(purchases=(condition.from_ or 1) - 1)


def _referred(condition: Referred, basket: Basket) -> Ways:
    if condition.by is None:
        yield basket
    for by in condition.by or ():
        yield basket.bought_by(referred_by=by)


def _birthday(_: Birthday, basket: Basket) -> Ways:
    today = basket.receipt.at.date()
    yield basket.bought_by(birthday=(today - timedelta(days=1)).replace(year=BORN))


def _coupon(condition: Coupon, basket: Basket) -> Ways:
    held = basket.member.coupons
    if condition.template is not None and all(each.template != condition.template for each in held):
        basket = basket.bought_by(coupons=(*held, HeldCoupon(template=condition.template)))
    code = condition.template or (condition.codes or ("",))[0]
    if code not in basket.receipt.coupons:
        yield basket.told(coupons=(*basket.receipt.coupons, code))


def _privilege(condition: Privilege, basket: Basket) -> Ways:
    held = basket.member.privileges
    if all(each.id != condition.id for each in held):
        yield basket.bought_by(privileges=(*held, HeldPrivilege(id=condition.id)))


def _profile(condition: Profile, basket: Basket) -> Ways:
    told = condition.value[0] if condition.op == "in" and isinstance(condition.value, tuple) else condition.value
    step = {"<": -1, ">": 1}.get(condition.op, 0)
    value: Any = told + step if isinstance(told, int) and step else told
    yield basket.bought_by(
        profile={**basket.member.profile, condition.field: (value,) if condition.op == "contains" else value}
    )


def _bought_before(basket: Basket, *, days: int, net: int) -> Basket:
    last = LastPurchase(at=basket.receipt.at - timedelta(days=days), net=net)
    return basket.bought_by(last_purchase=last, purchases=max(1, basket.member.purchases))


_Find: TypeAlias = Callable[[Any, Basket], Ways]
_WAYS: dict[type[BaseCondition], _Find] = {
    All: _all,
    AnyOf: _any,
    Birthday: _birthday,
    Channel: _channel,
    Coupon: _coupon,
    DaysSinceLast: _days_since_last,
    LineQty: _line_qty,
    LineTotal: _line_total,
    PreviousPurchase: _previous_purchase,
    Privilege: _privilege,
    Profile: _profile,
    PurchaseNumber: _purchase_number,
    ReceiptTotal: _receipt_total,
    Referred: _referred,
    Segment: _segment,
    Store: _store,
    Tier: _tier,
    TimeWindow: _time_window,
    Weekly: _weekly,
}
