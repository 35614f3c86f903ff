"""Rewards over the ledger: taken for points, given back, handed out once, never more of them than there are."""

import json
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from portal.db import run
from portal.ids import new_id
from portal.ledger.accruals import NotEnoughPoints
from portal.perks.operations.shelf import StockBelowTaken, put_on_shelf
from portal.perks.queries.shelf import find_reward, taken_by
from portal.perks.shelf import Reward, RewardHad, RewardShut, RewardSoldOut, RewardUnknown, Taken
from portal.perks.shown_codes import read_shown_code
from portal.programme.erase_member import erase_member
from portal.programme.redeem_reward import (
    RewardOver,
    RewardUsed,
    give_reward_back,
    hand_out_reward,
    return_unused_rewards,
    take_reward,
)
from tests.programme.shop import DAY, NOW, SECRET, Shop

ROOT = Path(__file__).parents[2]
MUG = {
    "id": "mug", "title": {"en": "Mug"}, "about": {}, "points": 300, "left": None, "opens_at": None, "closes_at": None,
    "tiers": (), "per_member": None, "valid_days": 14, "on_shelf": True,
}  # fmt: skip


def put(shop: Shop, *, stock: int | None = 3, **about: Any) -> None:
    run(shop.engine, lambda session: put_on_shelf(session, Reward(**MUG | about), stock=stock), writes=True)


def take(shop: Shop, member: str, *, taken_id: str = "", at=NOW) -> Taken:
    taken_id = taken_id or new_id(at)
    return run(shop.engine, lambda session: take_reward(session, member, "mug", taken_id=taken_id, now=at), writes=True)


def back(shop: Shop, member: str, taken: Taken, *, at=NOW) -> Taken:
    return run(shop.engine, lambda session: give_reward_back(session, member, taken.id, now=at), writes=True)


def hand_out(shop: Shop, taken: Taken, *, at=NOW, operator: str = "staff:tim") -> Taken:
    command = shop.command(now=at, operator=operator)
    return run(shop.engine, lambda session: hand_out_reward(session, taken.id, command=command), writes=True)


def left(shop: Shop) -> int | None:
    return run(shop.engine, lambda session: find_reward(session, "mug").left, writes=False)


@pytest.fixture
def ada(shop: Shop) -> str:
    ada = shop.join("ada@example.org")
    shop.give(ada, 1000)
    return ada


def test_points_are_paid_and_a_code_is_given_once(shop: Shop, ada: str) -> None:
    put(shop)
    taken = take(shop, ada)
    assert take(shop, ada, taken_id=taken.id).code == taken.code
    assert read_shown_code(taken.code) == taken.code
    assert (shop.available(ada), left(shop)) == (700, 2)
    assert hand_out(shop, taken).state == "used"
    assert hand_out(shop, taken).state == "used", "a double click is the same hand"
    with pytest.raises(RewardUsed):
        hand_out(shop, taken, operator="staff:mira")
    with pytest.raises(RewardUsed):
        back(shop, ada, taken)
    assert shop.broken() == []


def test_what_is_given_back_stands_on_the_shelf_and_in_the_balance_again(shop: Shop, ada: str) -> None:
    put(shop, stock=1)
    taken = take(shop, ada)
    with pytest.raises(RewardSoldOut):
        take(shop, ada)
    assert back(shop, ada, taken).state == "returned"
    back(shop, ada, taken)
    assert (shop.available(ada), left(shop)) == (1000, 1)
    with pytest.raises(RewardUsed):
        hand_out(shop, taken)
    ben = shop.join("ben@example.org")
    with pytest.raises(RewardUnknown):
        back(shop, ben, taken)
    assert shop.broken() == []


def test_points_that_ran_out_meanwhile_come_back_for_the_grace(shop: Shop) -> None:
    ben = shop.join("ben@example.org")
    shop.give(ben, 300, days=63)
    put(shop)
    taken = take(shop, ben)
    assert back(shop, ben, taken, at=NOW + 10 * DAY).state == "returned"
    assert shop.available(ben, at=NOW + 10 * DAY) == 300
    assert shop.broken() == []


def test_a_code_that_ran_out_gives_the_points_back_by_itself(shop: Shop, ada: str) -> None:
    put(shop)
    taken = take(shop, ada)
    late = taken.until
    with pytest.raises(RewardOver):
        hand_out(shop, taken, at=late)
    for expected in (1, 0):
        found = run(shop.engine, lambda session: return_unused_rewards(session, now=late, limit=10), writes=True)
        assert found == expected
    assert (shop.available(ada, at=late), left(shop)) == (1000, 3)
    (row,) = run(shop.engine, lambda session: taken_by(session, ada, limit=5), writes=False)
    assert (row.state, row.ended_by) == ("returned", "time")


@pytest.mark.parametrize(
    ("about", "refusal"),
    [
        ({"opens_at": NOW + timedelta(seconds=1)}, RewardShut),
        ({"closes_at": NOW}, RewardShut),
        ({"tiers": ("gold",)}, RewardShut),
        ({"on_shelf": False}, RewardUnknown),
        ({"points": 1001}, NotEnoughPoints),
    ],
)
def test_what_cannot_be_taken_changes_nothing(shop: Shop, ada: str, about: dict, refusal: type) -> None:
    put(shop, **about)
    with pytest.raises(refusal):
        take(shop, ada)
    assert (shop.available(ada), left(shop)) == (1000, 3)


def test_one_member_has_no_more_than_one_may(shop: Shop, ada: str) -> None:
    put(shop, per_member=2)
    first = take(shop, ada)
    take(shop, ada)
    with pytest.raises(RewardHad):
        take(shop, ada)
    back(shop, ada, first)
    assert take(shop, ada).state == "taken"


def test_the_stock_is_never_below_what_members_have(shop: Shop, ada: str) -> None:
    put(shop)
    take(shop, ada)
    put(shop, stock=1, points=200)
    assert left(shop) == 0
    with pytest.raises(StockBelowTaken):
        put(shop, stock=0)


def test_a_hundred_members_racing_for_the_last_ten_get_ten(shop: Shop) -> None:
    put(shop, stock=10)
    members = [shop.join(f"member{n}@example.org") for n in range(100)]
    for member in members:
        shop.give(member, 500)
    lots = [[[member, new_id(NOW)] for member in members[n::10]] for n in range(10)]
    url = shop.engine.url.render_as_string(hide_password=False)
    done = subprocess.run(
        [sys.executable, "-m", "tests.programme.shelf_race", url, "mug", NOW.isoformat()],
        input="\n".join(map(json.dumps, lots)), capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert Counter(json.loads(done.stdout)) == {"taken": 10, "reward-sold-out": 90}
    with shop.engine.connect() as connection:
        assert connection.execute(text("select count(*) from taken_reward where state = 'taken'")).scalar_one() == 10
    assert left(shop) == 0
    assert sum(shop.available(member) for member in members) == 100 * 500 - 10 * 300
    assert shop.broken() == []


def test_points_of_somebody_who_was_forgotten_are_nobodys(shop: Shop, ada: str) -> None:
    put(shop)
    taken = take(shop, ada)
    run(shop.engine, lambda session: erase_member(session, ada, secret=SECRET, now=NOW), writes=True)
    run(shop.engine, lambda session: return_unused_rewards(session, now=taken.until, limit=10), writes=True)
    assert (shop.available(ada, at=taken.until), left(shop)) == (0, 3)
    assert shop.broken() == []


def test_a_miscounted_shelf_and_a_wrong_certificate_are_found(shop: Shop) -> None:
    put(shop)
    with shop.engine.begin() as connection:
        connection.execute(text("update reward set taken = 1"))
    assert [each.text for each in shop.broken()] == ["reward mug: 1 are taken, members have 0"]
