"""How a member gets to a reward by a day, and whether to buy for it at all (product.md, the route planner)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.ledger.balance import Balance
from portal.members.operations.identify import UnknownMember
from portal.programme.pace import usual_pace
from portal.programme.present import read_present
from portal.programme.snapshot import member_state
from portal.rulebook.document import Rulebook
from portal.rulebook.member_state import MemberState
from portal.rulebook.route import Way, ways_to_points
from portal.rulebook.validity import midnight_after

MOST_WAYS = 3
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The way to so many points through a day.

    `have` is what there will be then without another purchase, `going` what runs out before, `owed` what the
    next points cover first, `lack` what is missing, with that;
    where nothing is, `there_at` is when all is there. `usual_at` is about when usual purchases bring the rest (None:
    nothing was bought lately). `ways` are single purchases, the earliest first, each later one cheaper. `worth` is what
    the points pay at the till, in minor units.
    """

    points: int
    last_day: date
    have: int
    going: int
    owed: int
    lack: int
    there_at: datetime | None
    usual_at: datetime | None
    ways: tuple[Way, ...]
    worth: int


def plan_route(session: Session, member_id: str, *, points: int, last_day: date, now: datetime) -> Route:
    """Find the cheapest honest way; nothing is stored. Raises `UnknownMember`, `MemberLeft` or `NoRulebook`."""
    scene, _, book = read_present(session, member_id, now=now)
    state = member_state(scene, at=now, held=None)
    if state is None:
        raise UnknownMember
    rulebook, until = scene.rulebook, midnight_after(last_day, scene.rulebook.zone)
    balance = book.balance(now)
    coming = sum(each.points for each in balance.releasing if each.release_at < until)
    going = sum(each.points for each in balance.expiring if each.expires_at < until)
    reach = balance.available + balance.debt + coming - going
    lack = max(0, points - reach)
    return Route(
        points=points,
        last_day=last_day,
        have=max(0, reach),
        going=going,
        owed=max(0, -reach),
        lack=lack,
        there_at=None if lack else _there(balance, points, now=now),
        usual_at=_usual(session, rulebook, state, lack=lack, now=now) if lack else None,
        ways=ways_to_points(rulebook, state, points=lack, since=now, until=until)[-MOST_WAYS:] if lack else (),
        worth=points * rulebook.worth,
    )


def _there(balance: Balance, points: int, *, now: datetime) -> datetime:
    """Return the instant from which the points are all there."""
    have = balance.available + balance.debt
    for each in balance.releasing if have < points else ():
        have += each.points
        if have >= points:
            return each.release_at
    return now


def _usual(session: Session, rulebook: Rulebook, state: MemberState, *, lack: int, now: datetime) -> datetime | None:
    """Return about when what a member usually buys brings the points, were all of it bought like now."""
    one_way = next(iter(ways_to_points(rulebook, state, points=lack, since=now, until=now + _YEAR)), None)
    if one_way is None:
        return None
    pace = usual_pace(session, state.id, now=now)
    return pace.brings_spend(one_way.spend, after=one_way.ready_at)
