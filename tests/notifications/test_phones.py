"""A phone is told before a letter is sent; on both databases."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from portal.db import run, transaction
from portal.ledger.accruals import NoPoints
from portal.members.lookup import by_id
from portal.programme.ask_approval import ask_approval
from portal.programme.erase_member import erase_member
from portal.programme.let_in import let_in
from portal.push import operations as push
from tests.notifications.phones import CHROME, subscribe
from tests.notifications.post import SECRET, inbox, jobs, join, letters, tell, work_off
from tests.programme.shop import NOW, Shop


def test_a_second_sign_in_is_told_and_the_first_is_not(shop: Shop):
    ada = join(shop.engine, now=NOW)
    for minutes in (0, 5):
        with transaction(shop.engine, writes=True) as session:
            let_in(session, ada, user_agent=CHROME, now=NOW + timedelta(minutes=minutes))
    work_off(shop.engine, now=NOW + timedelta(minutes=5))
    (message,) = inbox(shop.engine, ada)
    assert message.facts["browser"] == "Chrome · Android"
    assert letters(shop.engine) == ["Новый вход в вашу карту"]


def test_a_phone_comes_before_a_letter(shop: Shop):
    ada = join(shop.engine, now=NOW)
    subscribe(shop.engine, ada, now=NOW)
    tell(shop.engine, ada, "points_expiring", now=NOW)
    work_off(shop.engine, now=NOW)
    work_off(shop.engine, now=NOW + timedelta(minutes=20))
    assert inbox(shop.engine, ada)[0].channels == ("push",)
    assert jobs(shop.engine, "send_push") == 1
    assert letters(shop.engine) == []


def test_a_letter_follows_when_every_phone_is_gone(shop: Shop):
    ada = join(shop.engine, now=NOW)
    signed_in = subscribe(shop.engine, ada, now=NOW)
    tell(shop.engine, ada, "points_expiring", now=NOW)
    work_off(shop.engine, now=NOW)
    with transaction(shop.engine, writes=True) as session:
        push.unsubscribe(session, signed_in)  # as the sender does when a push service no longer knows it
    work_off(shop.engine, now=NOW + timedelta(minutes=20))
    assert inbox(shop.engine, ada)[0].channels == ("email",)
    assert letters(shop.engine) == ["До 15 марта включительно: 120 баллов"]


def test_the_note_of_a_tills_question_opens_it_at_once(shop: Shop):
    ada = join(shop.engine, now=NOW)
    subscribe(shop.engine, ada, now=NOW)
    shop.give(ada, 200)
    asking = {"sale": "S1/N1", "store": "S1", "till": "T1", "points": 150, "due": None, "command": shop.command()}
    with transaction(shop.engine, writes=True) as session:
        with pytest.raises(NoPoints):
            ask_approval(session, by_id(ada), **{**asking, "points": 0})
        asked = ask_approval(session, by_id(ada), **asking)
    work_off(shop.engine, now=NOW)
    with transaction(shop.engine, writes=True) as session:
        told = session.execute(text("select arguments from job where kind = 'send_push'")).scalar()
    note = (json.loads(told) if isinstance(told, str) else told)["note"]
    assert (note["path"], note["ttl_seconds"], note["urgency"]) == (f"/approve/{asked.id}", 120, "high")
    assert letters(shop.engine) == []
    run(shop.engine, lambda session: erase_member(session, ada, secret=SECRET, now=NOW), writes=True)
    with transaction(shop.engine, writes=False) as session:
        assert session.scalar(text("select count(*) from spending_approval")) == 0
