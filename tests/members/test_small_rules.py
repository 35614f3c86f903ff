"""Names, occasions, browsers, addresses, pace: rules by tables of cases."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.members.addresses import block, household
from portal.members.browsers import browser_label
from portal.members.names import WrongName, clean_name, first_name
from portal.members.occasions import (
    ChangedLately,
    WrongBirthday,
    check_birthday,
    check_change,
    holiday_of,
    year_after,
)
from portal.members.pace import next_allowed
from portal.members.terms import Rate
from portal.members.time_zones import WrongTimeZone, read_time_zone

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
TODAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Ada \t Lovelace\n", "Ada Lovelace"),
        ("И\u0306ван", "Йван"),
        ("A\u202eda\u200b", "Ada"),
        ("Anne-Marie O'Neil", "Anne-Marie O'Neil"),
        ("x" * 80, "x" * 80),
    ],
)
def test_a_name_is_kept_clean(typed, name):
    assert clean_name(typed) == name


@pytest.mark.parametrize("typed", ["", "   ", "\u200b", "...", "x" * 81, "x" * 100_000])
def test_what_is_no_name_is_refused(typed):
    with pytest.raises(WrongName):
        clean_name(typed)


def test_a_till_sees_the_first_name():
    assert first_name("Ada Lovelace") == "Ada"
    assert not first_name("")


@pytest.mark.parametrize("day", [date(2026, 3, 5), date(1905, 12, 31), date(1, 1, 1)])
def test_nobody_is_born_tomorrow_or_121_years_ago(day):
    with pytest.raises(WrongBirthday):
        check_birthday(day, today=TODAY)


@pytest.mark.parametrize("day", [TODAY, date(1906, 1, 1), date(2000, 2, 29)])
def test_a_birthday_of_the_living_is_taken(day):
    check_birthday(day, today=TODAY)


def test_a_day_may_change_twelve_months_after_the_last_change():
    check_change(None, now=NOON)
    check_change(NOON, now=datetime(2027, 3, 4, 12, tzinfo=UTC))
    with pytest.raises(ChangedLately) as refusal:
        check_change(NOON, now=datetime(2027, 3, 4, 11, 59, 59, tzinfo=UTC))
    assert refusal.value.facts == {"day": "2027-03-04"}


def test_a_year_after_leap_day_is_the_first_of_march():
    assert year_after(datetime(2024, 2, 29, 8, tzinfo=UTC)) == datetime(2025, 3, 1, 8, tzinfo=UTC)


def test_a_holiday_may_be_leap_day_and_no_other_strange_day():
    assert holiday_of(month=2, day=29) == date(2000, 2, 29)
    with pytest.raises(ValueError, match="day"):
        holiday_of(month=2, day=30)


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        ("Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/156.0 Mobile Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 27_2 like Mac OS X) Version/27.2 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Windows"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_a_browser_is_called_so_that_its_owner_knows_it(agent, label):
    assert browser_label(agent) == label


@pytest.mark.parametrize(
    ("address", "home", "around"),
    [
        ("192.0.2.7", "192.0.2.7/32", "192.0.2.0/24"),
        ("::ffff:192.0.2.7", "192.0.2.7/32", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"),
    ],
)
def test_an_address_has_a_household_and_a_block(address, home, around):
    assert (household(address), block(address)) == (home, around)


def minutes(*numbers):
    return [NOON + timedelta(minutes=number) for number in numbers]


@pytest.mark.parametrize(
    ("given", "at", "opens"),
    [
        ([], 0, 0),
        ([0, 1], 2, 2),
        ([0, 1, 2], 3, 10),
        ([2, 0, 1], 3, 10),
        ([0, 1, 2], 10, 10),
        ([0, 20, 40, 60, 80], 100, 1440),
    ],
)
def test_codes_are_counted_over_sliding_spans(given, at, opens):
    rate = Rate(in_ten_minutes=3, in_a_day=5)
    assert next_allowed(minutes(*given), rate=rate, now=minutes(at)[0]) == minutes(opens)[0]


def test_a_time_zone_is_one_of_the_database():
    assert read_time_zone("Asia/Kamchatka") == "Asia/Kamchatka"
    assert read_time_zone(None) is None
    with pytest.raises(WrongTimeZone):
        read_time_zone("../../etc/passwd")
