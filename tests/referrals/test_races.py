"""Many join by one invitation at the same moment, in real processes on both databases: limits hold."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.programme.referrals.inviting import AT_ONCE, WELCOME, code, enrol, link
from tests.programme.shop import BASE5, Shop, rulebook

ROOT = Path(__file__).parents[2]
EIGHT = 8


@pytest.fixture
def shop(engine: Engine) -> Shop:
    shop = Shop(engine)
    shop.publish(rulebook(BASE5, welcome=WELCOME, referral=AT_ONCE))
    return shop


def race(shop: Shop, invite: str) -> Counter:
    contacts = [f"friend{n}@example.org" for n in range(EIGHT)]
    told = {"url": shop.engine.url.render_as_string(hide_password=False), "invite": invite, "contacts": contacts}
    command = [sys.executable, "-m", "tests.referrals.race_process"]
    done = subprocess.run(command, input=json.dumps(told), capture_output=True, text=True, cwd=ROOT, check=True)
    return Counter(json.loads(done.stdout))


def test_a_members_monthly_limit_holds(shop: Shop):
    ada = enrol(shop, "ada@example.org").member_id
    assert race(shop, code(shop, ada)) == {"ok": 3, "limit": EIGHT - 3}
    assert shop.available(ada) == 300 + 3 * 50
    assert shop.broken() == []


def test_a_links_limit_holds(shop: Shop):
    link(shop, join_limit=5)
    assert race(shop, "fitmaster") == {"ok": 5, "limit": EIGHT - 5}
    with shop.engine.connect() as connection:
        assert connection.execute(text("select joins from invite_link")).scalar_one() == 5
