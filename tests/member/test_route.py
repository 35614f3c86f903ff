"""The way to a reward: told to the rouble, and when nothing should be bought."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from portal.db import transaction
from portal.programme.publish_rulebook import publish_rulebook
from portal.rulebook.document import load_toml
from portal.rulebook.receipt import Line
from tests.member.shop import NOW, RULEBOOK, buy, join
from tests.member.test_rewards import put
from tests.pages import Pages

WAITING = (
    RULEBOOK.replace('id = "points"', 'id = "points"\npending_days = 14').replace("version = 17", "version = 18")
    + """
[[rules]]
id = "friday"
when = {type = "weekly", days = [5], start = "18:00", end = "20:00"}
effects = [{type = "multiply", factor_bp = 20000, rules = ["base5"]}]
"""
)


@pytest.fixture
def ada(shop: Pages, sqlite: Engine) -> Pages:
    """Give the browser of Ada, whose 300 points run out on 18 March."""
    join(shop.speaking("en"))
    put(sqlite, "Mug", 200)
    put(sqlite, "Bag", 400)
    put(sqlite, "Gone", 100, closes_at=NOW)
    return shop


def test_the_page_asks_what_for_and_by_which_day(ada: Pages) -> None:
    page = ada.get("/route?goal=bag")
    assert page.heading == "How do I get there?"
    assert [each.get("value") for each in page.find_all("option")] == ["mug", "bag"]
    assert page.find("input", name="by").get("value") == "2026-04-03"
    assert page.find_all("section", id="answer") == []


def test_who_has_enough_is_told_to_buy_nothing(ada: Pages) -> None:
    assert "You have enough. There is nothing to buy." in ada.get("/route?goal=mug&by=2026-03-10").words


def test_what_runs_out_before_does_not_count(ada: Pages) -> None:
    words = ada.get("/route?goal=mug&by=2026-03-25").words
    assert "Runs out before, so use it first 300 points" in words
    assert "Lacking 200 points" in words
    assert "You have enough today: take it before the points run out. There is nothing to buy." in words


def test_what_cannot_be_taken_yet_is_not_said_to_be_taken_today(ada: Pages, sqlite: Engine) -> None:
    put(sqlite, "Late", 200, opens_at=NOW + timedelta(days=20))
    assert "You have enough today" not in ada.get("/route?goal=late&by=2026-03-25").words


def test_the_cheapest_way_is_told_with_what_the_points_are_worth(ada: Pages) -> None:
    words = ada.get("/route?goal=bag&by=2026-03-17").words
    assert "Lacking 100 points" in words
    assert "Do not buy for it alone: the cheapest way costs RUB 2,000.00, and these points pay RUB 400" in words
    assert "Now, for RUB 2,000.00 brings 100 points, ready on 4 March" in words


def test_points_that_wait_and_better_hours_are_reckoned_with(ada: Pages, sqlite: Engine) -> None:
    with transaction(sqlite, writes=True) as session:
        publish_rulebook(session, load_toml(WAITING), effective_from=NOW, now=NOW)
    ada.app.extensions["clock"] = lambda: NOW + timedelta(minutes=1)
    assert "By 17 March no single purchase brings it in time." in ada.get("/route?goal=bag&by=2026-03-17").words
    words = ada.get("/route?goal=bag&by=2026-03-31").words
    assert "Now, for RUB 8,000.00 brings 400 points, ready on 18 March" in words
    assert "On 6 March, 18:00, for RUB 4,000.00 brings 400 points, ready on 20 March" in words
    buy(sqlite, "ada@example.com", Line(n=1, gross=800_000, title="Cream"), at=NOW + timedelta(minutes=1))
    words = ada.get("/route?goal=bag&by=2026-03-31").words
    assert "Do not buy for it: from 18 March you have enough." in words


LADDER = """
[tiers]
keep = {type = "lifelong"}
[[tiers.tiers]]
id = "guest"
[[tiers.tiers]]
id = "like"
title = "Like"
enter = {metric = "spend", min = 1000000, window = {type = "lifetime"}}
benefits = [{text = {ru = "10 % баллами", en = "10% back"}}]
"""


def test_the_next_tier_is_a_goal_too(ada: Pages, sqlite: Engine) -> None:
    document = RULEBOOK.replace("version = 17", "version = 18") + LADDER
    with transaction(sqlite, writes=True) as session:
        publish_rulebook(session, load_toml(document), effective_from=NOW, now=NOW)
    ada.app.extensions["clock"] = lambda: NOW + timedelta(minutes=1)
    assert [each.text for each in ada.get("/route?goal=tier").find_all("option")] == ["Mug", "Bag", "The tier Like"]
    words = ada.get("/route?goal=tier&by=2026-03-31").words
    assert "look first whether what it gives is worth RUB 10,000 more" in words
    assert "What it gives 10% back" in words
    buy(sqlite, "ada@example.com", Line(n=1, gross=600_000, title="Cream"), at=NOW + timedelta(minutes=1))
    assert "Buy as you always do: it comes by itself, about 3 May" in ada.get("/route?goal=tier&by=2026-06-30").words
    assert "worth RUB 4,000 more" in ada.get("/route?goal=tier&by=2026-04-01").words


def test_who_buys_enough_anyway_is_told_so(ada: Pages, sqlite: Engine) -> None:
    lot = Line(n=1, gross=400_000, title="Cream", brand="Plain")
    buy(sqlite, "ada@example.com", lot, at=NOW - timedelta(days=1))
    words = ada.get("/route?goal=mug&by=2026-03-10").words
    assert "You have enough" in words
    words = ada.get("/route?goal=bag&by=2026-06-30").words
    assert "Buy as you always do: it comes by itself" in words


@pytest.mark.parametrize(
    ("asked", "mistake"),
    [
        ("goal=bag&by=", "Choose a day from today to a year ahead."),
        ("goal=bag&by=yesterday", "Choose a day from today to a year ahead."),
        ("goal=bag&by=2026-03-03", "Choose a day from today to a year ahead."),
        ("goal=bag&by=2027-03-06", "Choose a day from today to a year ahead."),
        ("goal=gone&by=2026-03-10", "Choose what you are saving for."),
        ("goal=&by=2026-03-10", "Choose what you are saving for."),
    ],
)
def test_what_cannot_be_planned_is_said_beside_the_field(ada: Pages, asked: str, mistake: str) -> None:
    page = ada.get(f"/route?{asked}")
    assert page.status == 422
    assert mistake in page.words


def test_an_empty_shelf_says_so(shop: Pages) -> None:
    join(shop.speaking("en"))
    page = shop.get("/route?goal=bag&by=2026-03-10")
    assert page.status == 200
    assert "The shelf is empty just now" in page.words


def test_a_reward_that_is_lacking_leads_here(ada: Pages) -> None:
    assert ada.get("/rewards/bag").find("a", href="/route?goal=bag") is not None
