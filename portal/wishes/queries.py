"""Reads of wishes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from portal.wishes.tables import Wish

State = Literal["open", "here", "never", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that people ask for: how many times, how many members would be told, and when it was asked for last."""

    id: str
    words: str
    times: int
    members: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Wished:
    """A member's wish as it stands, asked or answered `at`; `noted` by a cashier when it was."""

    id: str
    words: str
    at: datetime
    state: State
    noted: bool


def asked_lately(session: Session, store: str, *, since: datetime, limit: int) -> list[str]:
    """Return what was asked for in a store since an instant, the most often asked first."""
    lately = select(func.max(Wish.words)).where(Wish.store == store, Wish.at >= since, Wish.state != "withdrawn")
    counted = lately.group_by(Wish.folded).order_by(func.count().desc(), func.max(Wish.at).desc())
    return list(session.scalars(counted.limit(limit)))


def open_requests(session: Session, store: str, *, limit: int) -> list[Asked]:
    """Return what is asked for and not answered: in a store, and by members for any; the most often asked first."""
    grouped = _open_for(store).order_by(func.count().desc(), func.max(Wish.at).desc()).limit(limit)
    return [Asked(*row) for row in session.execute(grouped)]


def find_request(session: Session, wish_id: str, *, store: str) -> Asked | None:
    """Return an open request of a store with all that are asked for the same thing."""
    same = select(Wish.folded).where(Wish.id == wish_id, for_store(store)).scalar_subquery()
    row = session.execute(_open_for(store).where(Wish.folded == same)).one_or_none()
    return None if row is None else Asked(*row)


def wishes_of(session: Session, member_id: str, *, limit: int) -> list[Wished]:
    """Return what a member asked for and did not take back, the newest first."""
    at = func.coalesce(Wish.closed_at, Wish.at)
    theirs = select(Wish.id, Wish.words, at, Wish.state, Wish.staff_id.is_not(None)).where(
        Wish.member_id == member_id, Wish.state != "withdrawn"
    )
    return [
        Wished(wish_id, words, at, cast("State", state), noted)
        for wish_id, words, at, state, noted in session.execute(theirs.order_by(Wish.at.desc(), Wish.id).limit(limit))
    ]


def find_words(session: Session, wish_id: str) -> str | None:
    """Return the words of a wish."""
    return session.scalar(select(Wish.words).where(Wish.id == wish_id))


def count_noted(session: Session, staff_id: str, *, since: datetime) -> int:
    """Return how many wishes one of the staff noted since an instant."""
    noted = select(func.count()).where(Wish.staff_id == staff_id, Wish.at >= since)
    return session.scalar(noted) or 0


def for_store(store: str) -> ColumnElement[bool]:
    """Return the condition of wishes that a store can answer."""
    return or_(Wish.store == store, Wish.store.is_(None))


def _open_for(store: str) -> Select[str, str, int, int, datetime]:
    columns = (func.max(Wish.id), func.max(Wish.words), func.count(), func.count(Wish.member_id.distinct()))
    open_ones = select(*columns, func.max(Wish.at)).where(Wish.state == "open", for_store(store))
    return open_ones.group_by(Wish.folded)
