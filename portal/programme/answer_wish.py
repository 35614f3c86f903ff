"""The shop answers what people asked for; members among them are told."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.programme.notices import Notice, announce
from portal.wishes.operations import Reply
from portal.wishes.operations import answer_wish as answer


def answer_wish(session: Session, wish_id: str, *, reply: Reply, store: str, by: str, now: datetime) -> int:
    """Answer a wish and all others for the same thing that a store can answer; return how many members are told.

    Raises `UnknownWish`.
    """
    answered = answer(session, wish_id, reply=reply, store=store, by=by, now=now)
    batch = Batch()
    told = {each.member_id: each for each in answered}
    for member_id, wish in told.items():
        facts = {"words": wish.words, "reply": reply}
        announce(batch, member_id, [Notice(kind="wish_answered", cause=wish.id, facts=facts, at=now)], now=now)
    batch.flush(session)
    return len(told)
