"""Writes of the reward shelf: what stands on it, and what members take, give back and are handed out."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import Batch, Write, epoch, insert_into
from portal.errors import Refused
from portal.perks.shelf import Reward, Taken
from portal.perks.tables import Reward as RewardRow
from portal.perks.tables import TakenReward


class StockBelowTaken(Refused):
    code = "stock-below-taken"
    text = "Members have %(taken)s of these already: the stock cannot be smaller."


TAKE_ONE = Write(
    name="reward_take",
    columns=(("id", "text"),),
    statement=(
        "update reward set taken = taken + 1 from {rows} "
        "where reward.id = r.id and (reward.stock is null or reward.taken < reward.stock)"
    ),
    every_row=True,
)
PUT_ONE_BACK = Write(
    name="reward_put_back",
    columns=(("id", "text"),),
    statement="update reward set taken = taken - 1 from {rows} where reward.id = r.id and reward.taken > 0",
    every_row=True,
)
TAKE = insert_into(TakenReward.__table__)
END = Write(
    name="taken_reward_end",
    columns=(("id", "text"), ("state", "text"), ("ended_at", "bigint"), ("ended_by", "text")),
    statement=(
        "update taken_reward set state = r.state, ended_at = r.ended_at, ended_by = r.ended_by from {rows} "
        "where taken_reward.id = r.id and taken_reward.state = 'taken'"
    ),
    every_row=True,
)


def put_on_shelf(session: Session, reward: Reward, *, stock: int | None) -> None:
    """Put a reward into the catalogue, or change it; `reward.left` does not count, the `stock` does.

    Raises `StockBelowTaken`.
    """
    row = session.get(RewardRow, reward.id, with_for_update=True)
    taken = 0 if row is None else row.taken
    if stock is not None and stock < taken:
        raise StockBelowTaken(taken=taken)
    session.merge(
        RewardRow(
            id=reward.id,
            title=dict(reward.title),
            about=dict(reward.about),
            points=reward.points,
            stock=stock,
            taken=taken,
            opens_at=reward.opens_at,
            closes_at=reward.closes_at,
            tiers=list(reward.tiers),
            per_member=reward.per_member,
            valid_days=reward.valid_days,
            on_shelf=reward.on_shelf,
        )
    )
    session.flush()


def take(batch: Batch, taken: Taken) -> None:
    """Give one of the stock to a member; whoever comes for one that is not there makes the batch `Stale`."""
    batch.add(TAKE_ONE, {"id": taken.reward.id})
    row = {"id": taken.id, "reward_id": taken.reward.id, "member_id": taken.member_id, "code": taken.code}
    row |= {"state": "taken", "ended_at": None, "ended_by": None}
    batch.add(TAKE, {**row, "points": taken.points, "taken_at": epoch(taken.taken_at), "until": epoch(taken.until)})


def give_back(batch: Batch, taken: Taken, *, by: str, now: datetime) -> None:
    """Put one back on the shelf; its code works no more. One that was used meanwhile makes the batch `Stale`."""
    batch.add(PUT_ONE_BACK, {"id": taken.reward.id})
    _end(batch, taken, "returned", by=by, now=now)


def use(batch: Batch, taken: Taken, *, by: str, now: datetime) -> None:
    """Note that a reward was handed out; of two tills at once one makes its batch `Stale`."""
    _end(batch, taken, "used", by=by, now=now)


def _end(batch: Batch, taken: Taken, state: str, *, by: str, now: datetime) -> None:
    batch.add(END, {"id": taken.id, "state": state, "ended_at": epoch(now), "ended_by": by})
