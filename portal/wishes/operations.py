"""Writes of wishes; none of them commits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.wishes.queries import for_store
from portal.wishes.tables import Wish
from portal.wishes.words import folded, read_words

MOST_OPEN = 20

Reply = Literal["here", "never"]


class TooManyWishes(Refused):
    code = "too-many-wishes"
    text = "You have %(most)s open wishes. Take one back, or wait for the shop's answer."


class UnknownWish(Refused):
    code = "unknown-wish"
    status = 404
    text = "There is no such wish, or it was answered."


@dataclass(frozen=True, slots=True, kw_only=True)
class Till:
    """Where a request was noted, and by whom."""

    store: str
    staff_id: str
    device_id: str


@dataclass(frozen=True, slots=True)
class AnsweredWish:
    """A member's wish that the shop answered."""

    id: str
    member_id: str
    words: str


def note_request(
    session: Session, wish_id: str, words: str, *, till: Till, member_id: str | None, now: datetime
) -> None:
    """Note what somebody asked for at a till; told twice under one id it is noted once. Raises `NoWords`."""
    words = read_words(words)
    if session.scalar(select(Wish.id).where(Wish.id == wish_id)) is None:
        told = {"store": till.store, "staff_id": till.staff_id, "device_id": till.device_id}
        session.execute(insert(Wish).values({**_new(wish_id, words, member_id=member_id, now=now), **told}))


def wish_for(session: Session, wish_id: str, words: str, *, member_id: str, now: datetime) -> None:
    """Keep a member's own wish; a second one for the same thing changes nothing. Raises `NoWords`, `TooManyWishes`."""
    words = read_words(words)
    theirs = select(func.count()).where(Wish.member_id == member_id, Wish.state == "open")
    if session.scalar(theirs.where(Wish.folded == folded(words))):
        return
    if (session.scalar(theirs) or 0) >= MOST_OPEN:
        raise TooManyWishes(most=MOST_OPEN)
    session.execute(insert(Wish).values(_new(wish_id, words, member_id=member_id, now=now)))


def take_back(session: Session, wish_id: str, *, member_id: str, now: datetime) -> None:
    """Withdraw an open wish of a member. Raises `UnknownWish`."""
    theirs = update(Wish).where(Wish.id == wish_id, Wish.member_id == member_id, Wish.state == "open")
    if session.scalar(theirs.values(state="withdrawn", closed_at=now).returning(Wish.id)) is None:
        raise UnknownWish


def answer_wish(
    session: Session, wish_id: str, *, reply: Reply, store: str, by: str, now: datetime
) -> list[AnsweredWish]:
    """Answer a wish and every open one for the same thing that this store can answer; return those of members.

    `here`: the shop has it now; `never`: it will not have it. Raises `UnknownWish`.
    """
    same = select(Wish.folded).where(Wish.id == wish_id, Wish.state == "open", for_store(store)).scalar_subquery()
    open_ones = update(Wish).where(Wish.state == "open", for_store(store), Wish.folded == same)
    answered = open_ones.values(state=reply, closed_at=now, closed_by=by)
    rows = session.execute(answered.returning(Wish.id, Wish.member_id, Wish.words)).all()
    if not rows:
        raise UnknownWish
    return [AnsweredWish(each.id, each.member_id, each.words) for each in rows if each.member_id is not None]


def forget(session: Session, member_id: str) -> None:
    """Delete what a member asked for: the words may say more than the thing."""
    session.execute(delete(Wish).where(Wish.member_id == member_id))


def _new(wish_id: str, words: str, *, member_id: str | None, now: datetime) -> dict[str, object]:
    return {
        "id": wish_id,
        "words": words,
        "folded": folded(words),
        "member_id": member_id,
        "at": now,
        "state": "open",
    }
