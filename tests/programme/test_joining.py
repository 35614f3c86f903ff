"""Joining: a welcome once, an agreement first; and forgetting who joined."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest
from sqlalchemy import Engine, text

from portal.ledger.queries import totals
from portal.members.contacts import read_contact
from portal.members.operations import Newcomer
from portal.programme.enrol_member import EnrolAnswer, Joining, enrol_member
from portal.programme.erase_member import erase_member
from tests.programme.asking import doing, facts, reading, refused
from tests.programme.shop import BASE5, DAY, NOW, SECRET, Shop, rulebook

WELCOME = {"points": 300, "valid": {"type": "days", "n": 14}, "title": {"ru": "Добро пожаловать", "en": "Welcome"}}


@pytest.fixture
def shop(engine: Engine) -> Shop:
    shop = Shop(engine)
    shop.publish(rulebook(BASE5, welcome=WELCOME))
    return shop


def enrol(shop: Shop, contact: str, *granted: str, at: datetime = NOW) -> EnrolAnswer:
    newcomer = Newcomer(contacts=(read_contact(contact),), name="Ben", language="en", verified=True)
    joining = Joining(granted=granted or ("programme",), language="en", source="api", proof=None, at=at)
    return doing(shop, lambda session: enrol_member(session, newcomer, joining, secret=SECRET, now=NOW))


def test_a_newcomer_is_welcomed_once_with_the_last_day(shop: Shop) -> None:
    first, again = enrol(shop, "ben@example.org"), enrol(shop, "ben@example.org")
    assert first.created
    assert first.welcome is not None
    assert (first.welcome.points, str(first.welcome.last_valid_day)) == (300, "2026-03-18")
    assert (again.member_id, again.created, again.welcome) == (first.member_id, False, None)
    assert shop.available(first.member_id) == 300
    assert shop.available(first.member_id, at=datetime(2026, 3, 18, 21, tzinfo=UTC)) == 0
    assert facts(shop) == ["member.joined"]


def test_nobody_joins_without_agreeing(shop: Shop) -> None:
    assert refused(lambda: enrol(shop, "ben@example.org", "marketing:email")) == "consent-needed"
    assert refused(lambda: enrol(shop, "ben@example.org", "programme", "spying")) == "unknown-consent"
    with shop.engine.connect() as connection:
        assert connection.execute(text("select count(*) from member")).scalar_one() == 0


def test_an_erased_person_is_not_welcomed_again(shop: Shop) -> None:
    ben = enrol(shop, "ben@example.org").member_id
    assert doing(shop, lambda session: erase_member(session, ben, secret=SECRET, now=NOW + DAY))
    back = enrol(shop, "ben@example.org", at=NOW + 2 * DAY)
    assert back.created
    assert back.member_id != ben
    assert back.welcome is None


def test_erasure_lets_the_points_go_and_changes_no_sum(shop: Shop) -> None:
    ben = enrol(shop, "ben@example.org").member_id
    bought = shop.buy(ben, points_requested=100)
    before = reading(shop, totals)
    assert doing(shop, lambda session: erase_member(session, ben, secret=SECRET, now=NOW + DAY))
    assert not doing(shop, lambda session: erase_member(session, ben, secret=SECRET, now=NOW + DAY))
    after = reading(shop, totals)
    assert (after.issued, after.redeemed) == (before.issued, before.redeemed)
    assert (after.liability, after.breakage) == (0, before.liability)
    assert shop.refund(bought.receipt_id, {1: Fraction(1)}, at=NOW + 2 * DAY).body.points == 100
    assert shop.available(ben, at=NOW + 2 * DAY) == 0
    assert shop.broken() == []
    with shop.engine.connect() as connection:
        states = connection.execute(text("select cast(state as text) || cast(document as text) from receipt")).scalars()
        assert not any("example.org" in state for state in states)
