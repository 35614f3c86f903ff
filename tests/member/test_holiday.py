"""The page on which a member chooses a holiday of their own."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from portal.db import transaction
from portal.programme.publish_rulebook import publish_rulebook
from portal.rulebook.document import load_toml
from tests.member.shop import NOW, RULEBOOK, join
from tests.pages import Pages

PARTY = """
[holiday]
privilege = "party"
before = 2
after = 21
[[privileges]]
id = "party"
title = "Party"
"""


@pytest.fixture
def ada(shop: Pages) -> Pages:
    join(shop.speaking("en"))
    return shop


def told(day: str, month: str, title: str = "Name day") -> dict[str, str]:
    return {"holiday_day": day, "holiday_month": month, "holiday_title": title}


def test_a_day_is_kept_and_shown_again(ada: Pages) -> None:
    page = ada.follow(ada.post("/profile/holiday", told("7", "5")))
    assert "Kept." in page.words
    assert page.find("input", name="holiday_day").get("value") == "7"
    assert page.find("input", name="holiday_title").get("value") == "Name day"
    assert "7 May" in ada.get("/profile").words.replace("\u00a0", " ")


@pytest.mark.parametrize(("day", "month"), [("31", "2"), ("0", "1"), ("x", "1"), ("5", "")])
def test_a_day_that_is_none_is_refused(ada: Pages, day: str, month: str) -> None:
    page = ada.post("/profile/holiday", told(day, month))
    assert (page.status, "There is no such day" in page.words) == (422, True)


def test_it_changes_once_in_twelve_months_and_is_taken_back_at_any_time(ada: Pages) -> None:
    ada.post("/profile/holiday", told("7", "5"))
    assert ada.post("/profile/holiday", told("8", "5")).status == 303
    ada.app.extensions["clock"] = lambda: NOW + timedelta(hours=1)
    page = ada.post("/profile/holiday", told("9", "5"))
    assert (page.status, "again from 4 March 2027" in page.words.replace("\u00a0", " ")) == (422, True)
    assert ada.post("/profile/holiday", told("", "")).status == 303


def test_the_days_of_the_gift_are_counted_as_russian_counts(shop: Pages, sqlite: Engine) -> None:
    rulebook = load_toml(RULEBOOK.replace("version = 17", "version = 18") + PARTY)
    with transaction(sqlite, writes=True) as session:
        publish_rulebook(session, rulebook, effective_from=NOW, now=NOW)
    join(shop.speaking("ru"))
    assert "Party на одну покупку: за 2 дня до этого дня и 21 день после" in shop.get("/profile/holiday").words
