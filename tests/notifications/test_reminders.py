"""Points that are about to run out are told in time and once; on both databases."""

import secrets
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from portal.db import Batch, transaction
from portal.ledger import operations as ledger
from portal.ledger.entries import Origin
from portal.ledger.queries import load
from portal.programme.remind_members import remind_members
from portal.rulebook.validity import LotDates, midnight_after
from tests.notifications.post import inbox, jobs, join, work_off
from tests.programme.shop import DAY, NOW, OPENED, Shop

MOSCOW = ZoneInfo("Europe/Moscow")


def give(engine: Engine, member_id: str, points: int, *, through: str) -> None:
    """Give points that can be spent through a day of March."""
    day = date.fromisoformat(through)
    dates = LotDates(OPENED, day, midnight_after(day, MOSCOW))
    batch = Batch()
    with transaction(engine, writes=True) as session:
        book = load(session, member_id, now=OPENED)
        book.grant(points, at=OPENED, source=f"gift/{secrets.token_hex(4)}", origin=Origin("promo"), dates=dates)
        ledger.store(batch, book)
        batch.flush(session)


def remind(engine: Engine, *, now: datetime, limit: int = 2) -> int:
    """Do what the timetable does, and return how many transactions it took."""
    progress, rounds = None, 1
    while True:
        with transaction(engine, writes=True) as session:
            progress = remind_members(session, progress=progress, now=now, limit=limit)
        if progress is None:
            return rounds
        rounds += 1


def test_points_that_end_in_ten_days_are_told_once_for_each_day(shop: Shop):
    people = [join(shop.engine, now=NOW, contact=f"member{number}@example.com") for number in range(5)]
    for member_id in people[:4]:
        for points, through in ((70, "2026-03-14"), (50, "2026-03-14"), (30, "2026-03-15")):
            give(shop.engine, member_id, points, through=through)
    at = NOW.replace(hour=6)  # nine o'clock in Moscow, 4 March
    assert remind(shop.engine, now=at - timedelta(minutes=1)) > 1  # yesterday's day: nobody's points end then
    assert jobs(shop.engine) == 0
    remind(shop.engine, now=at)
    assert remind(shop.engine, now=at + timedelta(hours=3)) == 1  # that day is done: nobody is looked at
    work_off(shop.engine, now=NOW)
    for member_id in people[:4]:
        assert [dict(each.facts) for each in inbox(shop.engine, member_id)] == [
            {"points": 120, "last_day": "2026-03-14"}
        ]
    assert inbox(shop.engine, people[4]) == []


def test_after_a_standstill_the_days_missed_are_told_each_by_its_message(shop: Shop):
    ada = join(shop.engine, now=NOW)
    for day in (12, 14, 16, 18):
        give(shop.engine, ada, day, through=f"2026-03-{day}")
    remind(shop.engine, now=NOW)
    remind(shop.engine, now=NOW + 3 * DAY)
    work_off(shop.engine, now=NOW + 3 * DAY)
    told = [each.facts["last_day"] for each in inbox(shop.engine, ada)]
    assert sorted(told) == ["2026-03-14", "2026-03-16"]
    remind(shop.engine, now=NOW + 20 * DAY)  # what ran out meanwhile is past telling
    work_off(shop.engine, now=NOW + 20 * DAY)
    assert len(inbox(shop.engine, ada)) == 2
