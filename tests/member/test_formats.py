"""Figures and days as people read them, in both languages."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from portal.web import formats

MOSCOW = ZoneInfo("Europe/Moscow")
TODAY = date(2026, 3, 4)


def spoken(text: str) -> str:
    return text.replace(formats.NBSP, "_")


@pytest.mark.parametrize(
    ("minor", "currency", "language", "written"),
    [
        (123450, "RUB", "ru", "1_234,50_₽"),
        (123450, "RUB", "en", "RUB_1,234.50"),
        (123450, "EUR", "en", "€1,234.50"),
        (-5, "RUB", "ru", "−0,05_₽"),
        (0, "USD", "en", "$0.00"),
    ],
)
def test_money_has_both_decimals_and_does_not_break(minor: int, currency: str, language: str, written: str) -> None:
    assert spoken(formats.money(minor, currency=currency, language=language)) == written


def test_round_money_leaves_out_decimals_that_say_nothing() -> None:
    assert spoken(formats.round_money(100000, currency="RUB", language="ru")) == "1_000_₽"
    assert spoken(formats.round_money(100050, currency="RUB", language="ru")) == "1_000,50_₽"


@pytest.mark.parametrize(
    ("basis_points", "ru", "en"), [(250, "2,5_%", "2.5%"), (500, "5_%", "5%"), (1, "0,01_%", "0.01%")]
)
def test_percents_are_written_as_each_language_does(basis_points: int, ru: str, en: str) -> None:
    assert spoken(formats.percent(basis_points, language="ru")) == ru
    assert spoken(formats.percent(basis_points, language="en")) == en


def test_a_change_carries_its_sign() -> None:
    assert formats.signed(120, language="en") == "+120"
    assert formats.signed(-1200, language="en") == "−1,200"
    assert formats.signed(0, language="en") == "0"


def test_a_number_keeps_three_decimals_at_most() -> None:
    assert formats.number(Decimal("1234.5678"), language="en") == "1,234.568"


def test_a_day_names_its_year_only_when_it_is_another() -> None:
    assert spoken(formats.day(date(2026, 3, 15), today=TODAY, language="ru")) == "15_марта"
    assert spoken(formats.day(date(2027, 3, 15), today=TODAY, language="ru")) == "15_марта_2027"
    assert spoken(formats.day(date(2027, 3, 15), today=TODAY, language="en")) == "15_March_2027"


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        (date(2026, 3, 9), date(2026, 3, 15), "9–15_марта"),
        (date(2026, 3, 28), date(2026, 4, 3), "28_марта – 3_апреля"),
        (date(2026, 3, 9), date(2026, 3, 9), "9_марта"),
        (date(2026, 12, 30), date(2027, 1, 2), "30_декабря – 2_января_2027"),
    ],
)
def test_a_range_says_what_it_shares_once(first: date, last: date, written: str) -> None:
    assert spoken(formats.days(first, last, today=TODAY, language="ru")) == written


def test_a_moment_is_told_on_the_shops_clock() -> None:
    at = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)
    assert spoken(formats.moment(at, zone=MOSCOW, today=date(2026, 3, 5), language="ru")) == "5_марта, 01:30"


def test_points_that_expire_at_midnight_hold_until_the_day_before() -> None:
    assert formats.last_day(datetime(2026, 3, 15, 21, tzinfo=UTC), zone=MOSCOW) == date(2026, 3, 15)


def test_a_card_number_stands_in_groups_of_four() -> None:
    assert spoken(formats.grouped("4821093375")) == "4821_0933_75"
