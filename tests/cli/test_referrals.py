"""Referrals that a person looks at, from the command line."""

from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from portal.cli import main
from portal.db import run, transaction
from portal.members.lookup import by_id
from portal.members.queries import find_person
from portal.programme.review_referrals import look_for_signals
from tests.programme.referrals.inviting import LEVELS, enrol, friend, invited
from tests.programme.shop import BASE5, DAY, NOW, Shop, rulebook


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


@pytest.fixture
def shop(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setenv("PORTAL_DATABASE_URL", engine.url.render_as_string(hide_password=False))
    shop = Shop(engine)
    shop.publish(rulebook(BASE5, LEVELS))
    return shop


def look(shop: Shop) -> int:
    return run(shop.engine, lambda session: look_for_signals(session, now=NOW + DAY), writes=True)


def test_whoever_buys_beside_the_one_who_brought_them_is_looked_at(shop: Shop):
    ada = enrol(shop, "ada@example.org").member_id
    cleo, ben = (friend(shop, f"{name}@example.org", ada).member_id for name in ("cleo", "ben"))
    shop.buy(ada, at=NOW)
    shop.buy(cleo, at=NOW + timedelta(minutes=10))
    shop.buy(ben, at=NOW + timedelta(minutes=21))
    assert look(shop) == 1
    assert look(shop) == 1
    lines = call("referrals", "list").output.splitlines()
    assert len(lines) == 1
    assert lines[0].split("\t")[1:3] == [cleo, ada]


def test_a_refused_referral_earns_nothing_from_then_on(shop: Shop):
    ada = enrol(shop, "ada@example.org").member_id
    cleo = friend(shop, "cleo@example.org", ada).member_id
    emil = friend(shop, "emil@example.org", cleo).member_id
    shop.buy(ada, at=NOW)
    shop.buy(cleo, at=NOW + timedelta(minutes=1))
    look(shop)
    review = call("referrals", "list").output.split("\t")[0]
    assert call("referrals", "refuse", review).exit_code == 0
    assert "already" in call("referrals", "keep", review).output
    assert "no such referral" in call("referrals", "keep", "nothing").output
    assert shop.buy(cleo, at=NOW + DAY).earned == {cleo: 50}
    assert shop.buy(emil, at=NOW + DAY).earned == {emil: 50, cleo: 10}
    assert invited(shop, ada).joined == 0
    with transaction(shop.engine, writes=False) as session:
        person = find_person(session, by_id(cleo))
    assert person is not None
    assert person.referrer_id is None


def test_an_honest_one_goes_on(shop: Shop):
    ada = enrol(shop, "ada@example.org").member_id
    cleo = friend(shop, "cleo@example.org", ada).member_id
    shop.buy(ada, at=NOW)
    shop.buy(cleo, at=NOW + timedelta(minutes=1))
    look(shop)
    assert call("referrals", "keep", call("referrals", "list").output.split("\t")[0]).exit_code == 0
    assert call("referrals", "list").output == ""
    assert look(shop) == 1
    assert call("referrals", "list").output == ""
    assert shop.buy(cleo, at=NOW + DAY).earned == {cleo: 50, ada: 10}
