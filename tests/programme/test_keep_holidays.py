"""A member's own holiday opens its privilege once in 12 months, and is reminded of."""

import threading
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import Engine, text

from portal.db import run, transaction
from portal.members.occasions import holiday_of
from portal.members.operations import set_holiday
from portal.programme.keep_holidays import keep_holidays
from tests.programme.shop import BASE5, DAY, OPENED, Shop, rulebook
from tests.programme.tiers.ladders import notices

OWN = {
    "id": "holiday10", "when": {"type": "privilege", "id": "holiday10"}, "consumes": "holiday10",
    "effects": [{"type": "discount_percent", "rate_bp": 1000}],
}  # fmt: skip
TEN = datetime(2026, 3, 4, 7, tzinfo=UTC)  # ten o'clock in Moscow


@pytest.fixture
def shop(engine: Engine) -> Shop:
    shop = Shop(engine)
    privileges = [{"id": "holiday10", "title": "10 % off"}]
    shop.publish(rulebook(BASE5, OWN, privileges=privileges, holiday={"privilege": "holiday10"}))
    return shop


def celebrate(shop: Shop, member_id: str, *, month: int = 3, day: int = 7, at: datetime = OPENED) -> None:
    with transaction(shop.engine, writes=True) as session:
        set_holiday(session, member_id, holiday_of(month=month, day=day), now=at)


def keep(shop: Shop, at: datetime) -> None:
    progress = None
    while True:
        progress = run(
            shop.engine,
            lambda session, done=progress: keep_holidays(session, progress=done, now=at, limit=1),
            writes=True,
        )
        if progress is None:
            return


def opened(shop: Shop) -> int:
    with shop.engine.connect() as connection:
        return connection.execute(text("select count(*) from privilege")).scalar_one()


def test_it_is_open_from_three_days_before_to_seven_after_for_one_purchase(shop: Shop) -> None:
    ada, ben = shop.join("ada@example.org"), shop.join("ben@example.org")
    celebrate(shop, ada)
    keep(shop, TEN - DAY)
    assert opened(shop) == 0
    for hours in range(3):
        keep(shop, TEN + timedelta(hours=hours))
    assert opened(shop) == 1
    assert shop.quote(shop.told(ben, at=TEN + DAY)).discount == 0
    assert shop.quote(shop.told(ada, at=datetime(2026, 3, 14, 20, 59, tzinfo=UTC))).discount == 10000
    assert shop.quote(shop.told(ada, at=datetime(2026, 3, 14, 21, tzinfo=UTC))).discount == 0
    bought = shop.buy(ada, at=TEN + DAY)
    assert bought.discount == 10000
    keep(shop, TEN + 2 * DAY)
    assert shop.quote(shop.told(ada, at=TEN + 2 * DAY)).discount == 0
    shop.refund(bought.receipt_id, {1: Fraction(1)}, at=TEN + 2 * DAY)
    assert shop.quote(shop.told(ada, at=TEN + 3 * DAY)).discount == 10000


def test_it_works_by_the_calendar_whether_or_not_a_job_ran(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    celebrate(shop, ada)
    first_minute = datetime(2026, 3, 3, 21, tzinfo=UTC)  # midnight in Moscow, three days before the day
    assert shop.quote(shop.told(ada, at=first_minute - timedelta(minutes=1))).discount == 0
    assert shop.quote(shop.told(ada, at=first_minute)).discount == 10000
    bought = shop.buy(ada, at=first_minute)
    assert bought.discount == 10000
    assert shop.buy(ada, at=first_minute).discount == 0
    keep(shop, TEN)
    assert opened(shop) == 1
    assert shop.buy(ada, at=TEN + DAY).discount == 0
    shop.refund(bought.receipt_id, {1: Fraction(1)}, at=TEN + 2 * DAY)
    assert shop.buy(ada, at=TEN + 3 * DAY).discount == 10000
    assert shop.buy(ada, at=TEN + 3 * DAY).discount == 0


def test_what_one_bought_closes_nobody_elses(shop: Shop) -> None:
    ada, ben = shop.join("ada@example.org"), shop.join("ben@example.org")
    celebrate(shop, ada)
    celebrate(shop, ben)
    assert shop.buy(ada, at=TEN).discount == 10000
    assert shop.buy(ben, at=TEN).discount == 10000


def test_a_receipt_told_late_has_the_holiday_of_its_own_time(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    celebrate(shop, ada)
    keep(shop, TEN)
    assert shop.buy(ada, at=TEN - timedelta(hours=2)).discount == 10000


def test_of_two_tills_at_once_one_gives_it(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    celebrate(shop, ada)
    tills = [threading.Thread(target=lambda: bought.append(shop.buy(ada, at=TEN).discount)) for _ in range(4)]
    bought: list[int] = []
    for each in tills:
        each.start()
    for each in tills:
        each.join()
    assert sorted(bought) == [0, 0, 0, 10000]


def test_it_comes_again_next_year_and_not_before_by_moving_the_day(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    celebrate(shop, ada)
    keep(shop, TEN)
    celebrate(shop, ada, month=9, at=TEN + DAY)
    keep(shop, datetime(2026, 9, 7, 7, tzinfo=UTC))
    assert opened(shop) == 1, "twelve months have not gone by"
    celebrate(shop, ada, at=datetime(2027, 4, 1, tzinfo=UTC))
    keep(shop, datetime(2028, 3, 7, 7, tzinfo=UTC))
    assert opened(shop) == 2


@pytest.mark.parametrize(("told", "expected"), [(date(2026, 2, 18), 1), (date(2026, 2, 19), 0)])
def test_a_day_told_too_late_waits_a_year(shop: Shop, told: date, expected: int) -> None:
    ada = shop.join("ada@example.org")
    celebrate(shop, ada, at=datetime(told.year, told.month, told.day, 9, tzinfo=UTC))
    keep(shop, TEN)
    assert opened(shop) == expected


def test_the_twenty_ninth_of_february_is_kept_on_the_day_before(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    celebrate(shop, ada, month=2, day=29)
    keep(shop, datetime(2027, 2, 24, 7, tzinfo=UTC))
    assert opened(shop) == 0
    keep(shop, datetime(2027, 2, 25, 7, tzinfo=UTC))
    assert opened(shop) == 1


def test_a_privilege_without_a_title_is_told_by_its_name(shop: Shop) -> None:
    shop.publish(rulebook(BASE5, OWN, version=2, holiday={"privilege": "holiday10"}), effective_from=OPENED + DAY)
    celebrate(shop, shop.join("ada@example.org"))
    keep(shop, TEN)
    assert [each["facts"]["gives"] for each in notices(shop, "own_holiday")] == ["holiday10"]


def test_nobody_is_told_at_night_and_each_reminder_is_one_job(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    celebrate(shop, ada)
    keep(shop, TEN - timedelta(hours=3))
    assert opened(shop) == 0
    for days in (0, 3, 9):
        keep(shop, TEN + days * DAY)
    with shop.engine.connect() as connection:
        told = connection.execute(text("select arguments from job order by id")).scalars().all()
    assert [word for word in ("before", "day", "last") if any(f"2026/{word}" in str(each) for each in told)] == [
        "before", "day", "last",
    ]  # fmt: skip
