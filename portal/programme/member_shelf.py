"""The reward shelf as one member sees it: now, almost, far, with what is lacking; and what they took (product.md)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.perks.queries import shelf as standing
from portal.perks.shelf import Near, Reward, RewardUnknown, Shut, Taken
from portal.programme.present import read_present, tier_of
from portal.rulebook.document import Rulebook

_NEWEST = 20
_ORDER: dict[Near, int] = {"now": 0, "almost": 1, "far": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A reward on the shelf: how near it is, how many points are lacking, and why it is shut whatever the points."""

    reward: Reward
    near: Near
    lack: int
    shut: Shut | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What can be taken, the nearest first and there the cheapest, and what was taken, the newest first.

    `debt`, zero or negative, is covered before anything can be saved: what is lacking counts it.
    """

    available: int
    debt: int
    places: tuple[Place, ...]
    taken: tuple[Taken, ...]
    rulebook: Rulebook


def member_shelf(session: Session, member_id: str, *, now: datetime) -> Shelf:
    """Return the shelf for a member. Raises `UnknownMember`, `MemberLeft` or `NoRulebook`.

    What is over is not shown; what opens later or is for another tier is, as something to look forward to.
    """
    scene, _, book = read_present(session, member_id, now=now)
    balance, tier = book.balance(now), tier_of(scene, at=now)
    had = standing.had_by(session, member_id)
    places = [
        _place(reward, available=balance.available + balance.debt, tier=tier, had=had.get(reward.id, 0), now=now)
        for reward in standing.rewards_on_shelf(session)
    ]
    shown = [place for place in places if place.shut != "over"]
    shown.sort(key=lambda place: (place.shut is not None, _ORDER[place.near], place.reward.points, place.reward.id))
    taken = standing.taken_by(session, member_id, limit=_NEWEST)
    return Shelf(
        available=balance.available, debt=balance.debt, places=tuple(shown), taken=taken, rulebook=scene.rulebook
    )


def find_place(shelf: Shelf, reward_id: str) -> Place:
    """Return one reward of the shelf. Raises `RewardUnknown`."""
    found = next((place for place in shelf.places if place.reward.id == reward_id), None)
    if found is None:
        raise RewardUnknown
    return found


def find_own(session: Session, member_id: str, taken_id: str) -> Taken:
    """Return a reward that the member took. Raises `RewardUnknown`."""
    taken = standing.find_taken(session, taken_id)
    if taken is None or taken.member_id != member_id:
        raise RewardUnknown
    return taken


def _place(reward: Reward, *, available: int, tier: str | None, had: int, now: datetime) -> Place:
    return Place(
        reward=reward,
        near=reward.near(available),
        lack=reward.lack(available),
        shut=reward.shut(tier=tier, had=had, at=now),
    )
