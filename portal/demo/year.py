"""The plan of a year: who joins when, who buys what, what comes back. Pure, and the same for the same end."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from portal.demo.cast import BEN, CAST, CLEO, STORE, Character, crowd
from portal.demo.catalogue import CATALOGUE
from portal.demo.dice import Dice
from portal.rulebook.receipt import Line, Receipt

_SEED = 20_260_301
_HOURS = tuple(range(10, 22))
_HOUR_WEIGHTS = (4, 6, 8, 9, 8, 6, 6, 8, 14, 13, 9, 4)
_DAY_FACTORS = (80, 80, 90, 95, 135, 150, 110)  # Monday to Sunday, per cent
_WEIGHTS = tuple(product.weight for product in CATALOGUE)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How long and how busy the year is: other members beside the cast, and guests' receipts a day."""

    days: int
    others: int
    guests: int


WHOLE = Scale(days=365, others=58, guests=2)
SMALL = Scale(days=60, others=6, guests=1)


@dataclass(frozen=True, slots=True)
class Joins:
    at: datetime
    who: Character


@dataclass(frozen=True, slots=True)
class Buys:
    """A receipt; `who` is None for a guest."""

    at: datetime
    who: Character | None
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class BringsBack:
    at: datetime
    receipt: Receipt
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Leaves:
    at: datetime
    who: Character


Event: TypeAlias = Joins | Buys | BringsBack | Leaves


def plan(scale: Scale, *, end: datetime, zone: ZoneInfo) -> list[Event]:
    """Return everything that happens in the days before `end`, in time order."""
    dice = Dice(_SEED)
    last = end.astimezone(zone).date()
    people = [*_cast(scale), *crowd(scale.others, days=scale.days, dice=dice)]
    events: list[Event] = []
    for who in people:
        joined = last - who.joins * _DAY
        events.append(Joins(_moment(joined, time(9, 30), zone) + dice.below(600) * timedelta(seconds=1), who))
        left = None if who.leaves is None else last - who.leaves * _DAY
        if left is not None:
            events.append(Leaves(_moment(left, time(22), zone), who))
        for day in _days(joined, (left or last + _DAY)):
            if dice.chance(who.visits * 10 * _DAY_FACTORS[day.weekday()] // 100):
                events += _visit(day, who, dice, zone)
    for day in _days(last - (scale.days - 1) * _DAY, last + _DAY):
        for _ in range(dice.below(2 * scale.guests + 1)):
            events += _visit(day, None, dice, zone)
    events += _told_of_cleo(last, zone) + _told_of_ben(last, zone)
    past = sorted((event for event in events if event.at <= end), key=lambda event: event.at)
    return list(_numbered(past))


def _cast(scale: Scale) -> Iterator[Character]:
    for who in CAST:
        if who.joins < scale.days:
            yield who
        elif who.leaves is None or who.leaves < scale.days:
            yield replace(who, joins=scale.days - 1, leaves=who.leaves and min(who.leaves, scale.days // 3))
        else:
            yield replace(who, joins=scale.days - 1, leaves=scale.days // 3)


def _days(first: date, end: date) -> Iterator[date]:
    return (first + n * _DAY for n in range((end - first).days))


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone)


def _visit(day: date, who: Character | None, dice: Dice, zone: ZoneInfo) -> list[Event]:
    hour = dice.weighted(_HOURS, _HOUR_WEIGHTS)
    at = _moment(day, time(hour, dice.below(60), dice.below(60)), zone)
    spends = who is not None and dice.chance(who.spends)
    store = dice.weighted((STORE, "S2", "web"), (55, 30, 15))
    receipt = Receipt(
        at=at,
        lines=_basket(dice),
        store=store,
        till="" if store == "web" else f"T{1 + dice.below(2)}",
        channel="web" if store == "web" else "store",
        points_requested="max" if spends else 0,
    )
    events: list[Event] = [Buys(at, who, receipt)]
    if dice.chance(30):
        back = at + dice.weighted((3, 9, 21), (6, 3, 1)) * _DAY
        numbers = tuple(line.n for line in receipt.lines)
        events.append(BringsBack(back, receipt, numbers if dice.chance(300) else numbers[:1]))
    return events


def _basket(dice: Dice) -> tuple[Line, ...]:
    size = dice.weighted((1, 2, 3, 4, 6), (24, 32, 24, 14, 6))
    chosen = {product.sku: product for product in (dice.weighted(CATALOGUE, _WEIGHTS) for _ in range(size))}
    lines = []
    for n, product in enumerate(chosen.values(), start=1):
        masks = product.category == "care/masks/sheet"
        qty = dice.weighted((1, 2, 4), (50, 35, 15)) if masks else 2 if dice.chance(60) else 1
        lines.append(_line(n, product.sku, qty))
    return tuple(lines)


def _line(n: int, sku: str, qty: int) -> Line:
    product = next(each for each in CATALOGUE if each.sku == sku)
    return Line(
        n=n,
        sku=sku,
        title=product.title,
        category=product.category,
        brand=product.brand,
        qty=Fraction(qty),
        gross=product.price * qty,
    )


def _told_of_cleo(last: date, zone: ZoneInfo) -> list[Event]:
    """Cleo's debt: she buys, waits until the points are hers, spends them, and brings the first goods back."""
    first = _moment(last - 40 * _DAY, time(12, 15), zone)
    bought = _receipt(first, ("PF-01", 1), ("FC-02", 1))
    spent = _receipt(first + 18 * _DAY, ("CL-01", 1), points="max")
    return [
        Buys(bought.at, CLEO, bought),
        Buys(spent.at, CLEO, spent),
        BringsBack(first + 20 * _DAY, bought, (1,)),
    ]


def _told_of_ben(last: date, zone: ZoneInfo) -> list[Event]:
    """Ben's first purchases: on a Friday evening, so that a multiplier shows, and yesterday."""
    friday = last - ((last.weekday() - 4) % 7 or 7) * _DAY
    return [
        Buys(receipt.at, BEN, receipt)
        for receipt in (
            _receipt(_moment(friday, time(18, 40), zone), ("FC-01", 1), ("MS-01", 2)),
            _receipt(_moment(last - _DAY, time(13, 5), zone), ("HR-01", 1), ("GC-1000", 1)),
        )
    ]


def _receipt(at: datetime, *goods: tuple[str, int], points: int | Literal["max"] = 0) -> Receipt:
    lines = tuple(_line(n, sku, qty) for n, (sku, qty) in enumerate(goods, start=1))
    return Receipt(at=at, lines=lines, store=STORE, till="T1", channel="store", points_requested=points)


def _numbered(events: list[Event]) -> Iterator[Event]:
    """Give receipts the numbers a till would have given them; what comes back names the same receipt."""
    numbers: dict[str, int] = {}
    named: dict[int, Receipt] = {}
    for event in events:
        if isinstance(event, Buys):
            place = event.receipt.till or event.receipt.store
            key = f"{event.receipt.store}-{place}"
            numbers[key] = numbers.get(key, 0) + 1
            named[id(event.receipt)] = receipt = replace(event.receipt, number=f"{place}-{numbers[key]:06}")
            yield replace(event, receipt=receipt)
        elif isinstance(event, BringsBack):
            yield replace(event, receipt=named[id(event.receipt)])
        else:
            yield event
