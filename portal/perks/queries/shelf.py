"""Reads of the reward shelf and of what members took from it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from portal.perks.shelf import Reward, Taken
from portal.perks.tables import Reward as RewardRow
from portal.perks.tables import TakenReward


def rewards_on_shelf(session: Session) -> tuple[Reward, ...]:
    """Return everything that may be taken now, before or later, the cheapest first."""
    found = select(RewardRow).where(RewardRow.on_shelf).order_by(RewardRow.points, RewardRow.id)
    return tuple(_reward(row) for row in session.scalars(found))


def every_reward(session: Session) -> tuple[Reward, ...]:
    """Return the whole catalogue, off the shelf too, by id."""
    return tuple(_reward(row) for row in session.scalars(select(RewardRow).order_by(RewardRow.id)))


def find_reward(session: Session, reward_id: str) -> Reward | None:
    row = session.get(RewardRow, reward_id, populate_existing=True)
    return None if row is None else _reward(row)


def had_by(session: Session, member_id: str) -> dict[str, int]:
    """Return how many of each reward a member took and did not give back."""
    kept = TakenReward.state != "returned"
    counted = select(TakenReward.reward_id, func.count()).where(TakenReward.member_id == member_id, kept)
    return {row[0]: row[1] for row in session.execute(counted.group_by(TakenReward.reward_id))}


def taken_by(session: Session, member_id: str, *, limit: int) -> tuple[Taken, ...]:
    """Return the newest rewards of a member, used and given back ones too."""
    newest = _taken(TakenReward.member_id == member_id).order_by(TakenReward.taken_at.desc(), TakenReward.id.desc())
    return _read(session, newest.limit(limit))


def find_taken(session: Session, taken_id: str) -> Taken | None:
    return next(iter(_read(session, _taken(TakenReward.id == taken_id))), None)


def find_taken_by_code(session: Session, code: str) -> Taken | None:
    return next(iter(_read(session, _taken(TakenReward.code == code))), None)


def taken_too_long(session: Session, *, now: datetime, limit: int) -> tuple[Taken, ...]:
    """Return some rewards whose code ran out unused, those first that ran out first."""
    late = _taken(TakenReward.state == "taken", TakenReward.until <= now).order_by(TakenReward.until, TakenReward.id)
    return _read(session, late.limit(limit))


def _taken(*where: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return select(TakenReward, RewardRow).join(RewardRow, RewardRow.id == TakenReward.reward_id).where(*where)


def _read(session: Session, statement: Select[*tuple[Any, ...]]) -> tuple[Taken, ...]:
    rows: Iterable[Any] = session.execute(statement.execution_options(populate_existing=True))
    return tuple(
        Taken(
            id=taken.id,
            reward=_reward(reward),
            member_id=taken.member_id,
            code=taken.code,
            points=taken.points,
            state=taken.state,
            taken_at=taken.taken_at,
            until=taken.until,
            ended_at=taken.ended_at,
            ended_by=taken.ended_by,
        )
        for taken, reward in rows
    )


def _reward(row: RewardRow) -> Reward:
    return Reward(
        id=row.id,
        title=row.title,
        about=row.about,
        points=row.points,
        left=None if row.stock is None else row.stock - row.taken,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        tiers=tuple(row.tiers),
        per_member=row.per_member,
        valid_days=row.valid_days,
        on_shelf=row.on_shelf,
    )
