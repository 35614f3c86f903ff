"""Twenty real processes at once, on both databases: nothing is posted twice, nothing is spent twice (I3, I6, I7)."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from portal.db import transaction
from portal.members.operations import set_agent
from portal.perks.operations import give_coupon
from portal.rulebook.receipt import receipt_json
from tests.programme.shop import BASE5, NOW, OPENED, Shop, line, rulebook

TWENTY = 20
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def starter() -> Iterator[subprocess.Popen]:
    """Start the process that forks the others; what it imports is imported once."""
    command = [sys.executable, "-m", "tests.programme.race_process"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        yield process
        process.stdin.close()


@pytest.fixture
def race(starter: subprocess.Popen, shop: Shop) -> Callable[[list[dict]], Counter]:
    """Let one process for each job tell it, and count the answers."""

    def start(jobs: list[dict]) -> Counter:
        common = {"client": "key:till-1", "now": NOW.isoformat()}
        url = shop.engine.url.render_as_string(hide_password=False)
        starter.stdin.write(json.dumps({"url": url, "jobs": [common | job for job in jobs]}) + "\n")
        starter.stdin.flush()
        return Counter(tuple(answer) for answer in json.loads(starter.stdout.readline()))

    return start


def purchase(shop: Shop, member: str | None, key: str, *lines: dict, **about) -> dict:
    told = shop.told(member, *lines, **about)
    return {"receipt": receipt_json(told.receipt), "member": member, "key": key}


def rows(shop: Shop, table: str) -> int:
    with shop.engine.connect() as connection:
        return connection.execute(text(f"select count(*) from {table}")).scalar_one()


def test_one_receipt_told_twenty_times_at_once_is_posted_once(shop: Shop, race) -> None:
    ada = shop.join("ada@example.org")
    jobs = [purchase(shop, ada, "same", number="N1")] * TWENTY
    assert race(jobs) == {("done", 100000): 1, ("replayed", 100000): TWENTY - 1}
    assert (rows(shop, "receipt"), rows(shop, "entry"), rows(shop, "event")) == (1, 1, 1)
    assert shop.available(ada) == 50
    assert shop.broken() == []


def test_one_receipt_under_twenty_keys_at_once_is_posted_once(shop: Shop, race) -> None:
    ada = shop.join("ada@example.org")
    jobs = [purchase(shop, ada, f"race-{n}", number="N1") for n in range(TWENTY)]
    assert race(jobs) == {("done", 100000): 1, ("replayed", 100000): TWENTY - 1}
    assert (rows(shop, "receipt"), rows(shop, "entry"), rows(shop, "idempotency")) == (1, 1, TWENTY)
    assert shop.broken() == []


def test_twenty_tills_never_spend_one_balance_twice(shop: Shop, race) -> None:
    ada = shop.join("ada@example.org")
    shop.give(ada, 100)
    jobs = [purchase(shop, ada, f"race-{n}", line(1, 3000), points_requested=30) for n in range(TWENTY)]
    answers = race(jobs)
    assert answers == {("done", 0): 3, ("not-enough-points", None): TWENTY - 3}
    assert shop.available(ada) == 10
    assert shop.broken() == []


def test_twenty_purchases_of_one_member_are_all_counted(shop: Shop, race) -> None:
    ada = shop.join("ada@example.org")
    assert race([purchase(shop, ada, f"race-{n}") for n in range(TWENTY)]) == {("done", 100000): TWENTY}
    with shop.engine.connect() as connection:
        assert connection.execute(text("select purchases, turns from purchase_history")).one() == (TWENTY, TWENTY)
    assert shop.available(ada) == 50 * TWENTY
    assert shop.broken() == []


def test_twenty_friends_reward_one_referrer_at_once(shop: Shop, race) -> None:
    owner = {
        "id": "owner1", "when": {"type": "referred"},
        "effects": [{"type": "accrue_percent", "rate_bp": 100, "to": "referrer"}],
    }  # fmt: skip
    shop.publish(rulebook(BASE5, owner, version=2), effective_from=NOW, now=NOW)
    ada = shop.join("ada@example.org")
    friends = [shop.join(f"friend{n}@example.org", referrer=ada) for n in range(TWENTY)]
    answers = race([purchase(shop, friend, f"race-{n}") for n, friend in enumerate(friends)])
    assert answers == {("done", 100000): TWENTY}
    assert shop.available(ada) == 10 * TWENTY
    assert shop.broken() == []


def test_one_line_is_brought_back_once(shop: Shop, race) -> None:
    ada = shop.join("ada@example.org")
    bought = shop.buy(ada)
    jobs = [{"refund": bought.receipt_id, "lines": {"1": 1}, "key": f"race-{n}"} for n in range(TWENTY)]
    assert race(jobs) == {("done", 100000): 1, ("already-refunded", None): TWENTY - 1}
    assert shop.available(ada) == 0
    assert shop.broken() == []


def test_twenty_guests_share_one_coupon(shop: Shop, race) -> None:
    take = {
        "id": "take", "when": {"type": "coupon", "template": "back10"},
        "effects": [{"type": "discount_percent", "rate_bp": 1000}],
    }  # fmt: skip
    shop.publish(rulebook(take, version=2), effective_from=NOW, now=NOW)
    with transaction(shop.engine, writes=True) as session:
        give_coupon(session, template="back10", code="HANDED-OUT", at=OPENED, until=None)
    answers = race([purchase(shop, None, f"race-{n}", coupons=["HANDED-OUT"]) for n in range(TWENTY)])
    assert answers == {("done", 90000): 1, ("done", 100000): TWENTY - 1}


def test_a_budget_of_three_uses_is_used_three_times_by_twenty_members(shop: Shop, race) -> None:
    first = {
        "id": "first3", "effects": [{"type": "discount_percent", "rate_bp": 1000}],
        "caps": [{"scope": "rule_total", "max_uses": 3}],
    }  # fmt: skip
    counted = {**BASE5, "caps": [{"scope": "rule_total", "max_uses": 1000}]}
    shop.publish(rulebook(first, counted, version=2), effective_from=NOW, now=NOW)
    members = [shop.join(f"member{n}@example.org") for n in range(TWENTY)]
    answers = race([purchase(shop, member, f"race-{n}") for n, member in enumerate(members)])
    assert answers == {("done", 90000): 3, ("done", 100000): TWENTY - 3}
    with shop.engine.connect() as connection:
        uses = connection.execute(text("select rule, uses from rule_usage order by rule")).all()
    assert [tuple(row) for row in uses] == [("base5", TWENTY), ("first3", 3)]


def test_agents_of_each_other_never_wait_in_a_circle(shop: Shop, race) -> None:
    agent = {"id": "agent1", "effects": [{"type": "accrue_percent", "rate_bp": 100, "to": "agent"}]}
    shop.publish(rulebook(BASE5, agent, version=2), effective_from=NOW, now=NOW)
    ada = shop.join("ada@example.org")
    ben = shop.join("ben@example.org", agent=ada)
    with transaction(shop.engine, writes=True) as session:
        set_agent(session, ada, ben)
    answers = race([purchase(shop, (ada, ben)[n % 2], f"race-{n}") for n in range(TWENTY)])
    assert answers == {("done", 100000): TWENTY}
    assert (shop.available(ada), shop.available(ben)) == (600, 600)
    assert shop.broken() == []
