"""The plan told to the real stories, each at its own time, so that everything in the demo is what a shop would have."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.catalogue.operations import put_goods
from portal.db import run, transaction
from portal.demo import counter, invites, post, shelf
from portal.demo.cast import ADA, CASHIER, CASHIER_PIN, MANAGER, MANAGER_PIN, SENIOR, SENIOR_PIN, Character
from portal.demo.catalogue import shop_goods
from portal.demo.year import BringsBack, Buys, Event, Joins, Leaves, Scale, plan
from portal.errors import Refused
from portal.members import operations as members
from portal.members.contacts import read_contact
from portal.members.lookup import by_id
from portal.programme.close_day import close_day
from portal.programme.command import Command
from portal.programme.enrol_member import Joining, enrol_member
from portal.programme.publish_rulebook import publish_rulebook
from portal.programme.record_receipt import record_receipt
from portal.programme.refund_receipt import refund_receipt
from portal.programme.told import ToldReceipt
from portal.receipts.queries import published_versions
from portal.rulebook.document import Rulebook
from portal.rulebook.examples import example
from portal.rulebook.receipt import Receipt
from portal.staff import operations as staff
from portal.staff.operations import NewStaff
from portal.staff.queries import list_keys

CLIENT = "demo"
_LAST_KEY = "demo"  # made when all else stands
_CHUNK = 100
_DAY = timedelta(days=1)
_BIRTHDAY_AFTER = timedelta(minutes=5)


class NotEmpty(Refused):
    code = "not-empty"
    status = 409
    text = "This database holds a shop already. The demo fills only an empty one: set PORTAL_DATABASE_URL to another."


class HalfFilled(NotEmpty):
    code = "half-filled"
    text = "This demo was interrupted when it was filled. Delete its database or set PORTAL_DATABASE_URL to another."


@dataclass(slots=True)
class DemoShop:
    """What the demo made, to be shown once: the API key's secret, and how much happened."""

    api_key: str = field(default="", repr=False)
    members: int = 0
    receipts: int = 0
    refunds: int = 0


@dataclass(slots=True)
class _Telling:
    """Who and what was told so far: members by contact, receipts by store and number."""

    rulebook: Rulebook
    secret: str
    shop: DemoShop
    members: dict[str, str] = field(default_factory=dict[str, str])
    receipts: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])


def stands_here(session: Session) -> bool:
    """Tell whether the database holds the demo shop already. Raises `NotEmpty` when it holds another, or a half one."""
    names = {version.name for version in published_versions(session)}
    if not names:
        return False
    if names != {example("cosmetics").id}:
        raise NotEmpty
    if all(each.key.name != _LAST_KEY for each in list_keys(session)):
        raise HalfFilled
    return True


def fill(session: Session, *, scale: Scale, secret: str, now: datetime) -> DemoShop:
    """Fill an empty database in one transaction: for tests, and for small scales."""
    telling = _open_shop(session, scale, secret=secret, now=now)
    for event in _days_between(plan(scale, end=now, zone=telling.rulebook.zone), telling.rulebook, end=now):
        _tell(session, event, telling)
    _finish(session, telling, now=now)
    return telling.shop


def fill_in_chunks(
    engine: Engine, *, scale: Scale, secret: str, now: datetime, progress: Callable[[int, int], None]
) -> DemoShop:
    """Fill an empty database in short transactions; `progress` is told after each how much of how much is done."""
    telling = run(engine, lambda session: _open_shop(session, scale, secret=secret, now=now), writes=True)
    events = list(_days_between(plan(scale, end=now, zone=telling.rulebook.zone), telling.rulebook, end=now))
    for start in range(0, len(events), _CHUNK):
        with transaction(engine, writes=True) as session:
            for event in events[start : start + _CHUNK]:
                _tell(session, event, telling)
        progress(min(start + _CHUNK, len(events)), len(events))
    with transaction(engine, writes=True) as session:
        _finish(session, telling, now=now)
    return telling.shop


def _finish(session: Session, telling: _Telling, *, now: datetime) -> None:
    counter.tell_of_the_counter(session, telling.members, now=now)
    shelf.fill_shelf(session, telling.members, now=now)
    post.work_off(session, at=now)
    post.read_what_is_old(session, telling.members.values(), now=now)
    key = staff.make_key(session, name=_LAST_KEY, scopes=("till", "shop", "crm", "admin"), now=now)
    telling.shop.api_key = key.secret


def _open_shop(session: Session, scale: Scale, *, secret: str, now: datetime) -> _Telling:
    if stands_here(session):
        raise NotEmpty
    rulebook = example("cosmetics")
    start = now - (scale.days + 1) * _DAY
    publish_rulebook(session, rulebook, effective_from=start, now=start)
    staff.add_staff(session, NewStaff(name=CASHIER, role="cashier", pin=CASHIER_PIN), now=start)
    staff.add_staff(session, NewStaff(name=SENIOR, role="senior", pin=SENIOR_PIN), now=start)
    staff.add_staff(session, NewStaff(name=MANAGER, role="manager", pin=MANAGER_PIN), now=start)
    invites.make_links(session, now=start)
    put_goods(session, shop_goods())
    return _Telling(rulebook, secret, DemoShop())


def _days_between(events: list[Event], rulebook: Rulebook, *, end: datetime) -> Iterator[Event | datetime]:
    """Put the shop's midnights between the events, and the end itself after them."""
    midnight = None
    for event in events:
        here = event.at.astimezone(rulebook.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        if midnight is not None and here > midnight:
            yield here
        midnight = here
        yield event
    yield end


def _tell(session: Session, event: Event | datetime, telling: _Telling) -> None:
    if isinstance(event, datetime):
        while close_day(session, now=event):
            pass
        post.remind(session, at=event)
    elif isinstance(event, Joins):
        _join(session, event, telling)
    elif isinstance(event, Buys):
        _buy(session, event, telling)
    elif isinstance(event, BringsBack):
        _bring_back(session, event, telling)
    else:
        _leave(session, event, telling)
    if not isinstance(event, Buys) or event.who is not None:
        post.work_off(session, at=event if isinstance(event, datetime) else event.at)


def _join(session: Session, event: Joins, telling: _Telling) -> None:
    who = event.who
    newcomer = members.Newcomer(
        contacts=(read_contact(who.contact),),
        name=who.name,
        language=who.language,
        verified=True,
    )
    granted = ("programme", "marketing:email") if who.role in ("ada", "ben") else ("programme",)
    joining = Joining(
        granted=granted,
        language=who.language,
        source="join",
        proof=None,
        at=event.at,
        came_by=invites.came_by(session, who, members=telling.members, at=event.at),
    )
    enrolled = enrol_member(session, newcomer, joining, secret=telling.secret, now=event.at)
    telling.members[who.contact] = enrolled.member_id
    if invites.has_agent(who) and ADA.contact in telling.members:
        members.set_agent(session, enrolled.member_id, telling.members[ADA.contact])
    telling.shop.members += 1
    if who.role == "ada":
        post.choose_little(session, enrolled.member_id, now=event.at)
    if who.birthday is not None:
        at = event.at + _BIRTHDAY_AFTER
        today = at.astimezone(telling.rulebook.zone).date()
        members.set_birthday(session, enrolled.member_id, who.birthday, today=today, now=at)


def _buy(session: Session, event: Buys, telling: _Telling) -> None:
    member_id = telling.members.get(event.who.contact) if event.who else None
    if event.who is not None and member_id is None:
        return
    told = ToldReceipt(receipt=event.receipt, member=by_id(member_id) if member_id else None)
    key = f"{event.receipt.store}/{event.receipt.number}"
    answered = record_receipt(session, told, command=_command(key, event.who, at=event.at))
    if answered.body.receipt_id is not None:
        telling.receipts[_name(event.receipt)] = answered.body.receipt_id
        telling.shop.receipts += 1


def _bring_back(session: Session, event: BringsBack, telling: _Telling) -> None:
    receipt_id = telling.receipts.get(_name(event.receipt))
    if receipt_id is None:
        return
    lines = {line.n: Fraction(line.qty) for line in event.receipt.lines if line.n in event.lines}
    command = _command(f"refund/{receipt_id}/{event.at.isoformat()}", None, at=event.at)
    refund_receipt(session, receipt_id, lines=lines, at=event.at, command=command)
    telling.shop.refunds += 1


def _leave(session: Session, event: Leaves, telling: _Telling) -> None:
    member_id = telling.members.pop(event.who.contact)
    members.leave(session, member_id, source="profile", now=event.at)


def _command(key: str, who: Character | None, *, at: datetime) -> Command:
    language = who.language if who else "ru"
    return Command(client=CLIENT, key=key, now=at, language=language, operator="demo", vouches=True)


def _name(receipt: Receipt) -> tuple[str, str]:
    return receipt.store, receipt.number
