"""The demo shop: the same year every time, told through the real stories."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.db import make_engine, transaction
from portal.demo import SMALL, WHOLE, NotEmpty, fill, fill_in_chunks, new_links, stands_here
from portal.demo.cast import ADA, BEN, CASHIER_PIN, CAST, CLEO
from portal.demo.dice import Dice
from portal.demo.fill import DemoShop
from portal.demo.year import BringsBack, Buys, Joins, plan
from portal.factory import create_app
from portal.ledger.checks import check_ledger
from portal.ledger.queries import load
from portal.members.contacts import read_contact
from portal.members.lookup import by_contact
from portal.members.queries import find_person
from portal.notifications.queries import inbox
from portal.programme.publish_rulebook import publish_rulebook
from portal.rulebook.document import load_json
from portal.staff.pins import hash_pin
from tests.conftest import local_settings

NOW = datetime(2026, 11, 25, 16, 30, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Moscow")
SECRET = "s" * 48


@pytest.fixture
def filled(sqlite: Engine) -> DemoShop:
    with transaction(sqlite, writes=True) as session:
        return fill(session, scale=SMALL, secret=SECRET, now=NOW)


def balance_of(session: Session, contact: str):
    person = find_person(session, by_contact(read_contact(contact)))
    assert person is not None
    return load(session, person.id, now=NOW).balance(NOW)


def test_the_year_is_the_same_every_time() -> None:
    assert plan(WHOLE, end=NOW, zone=ZONE) == plan(WHOLE, end=NOW, zone=ZONE)


def test_the_year_is_of_a_believable_size() -> None:
    events = plan(WHOLE, end=NOW, zone=ZONE)
    assert 2_000 <= sum(isinstance(event, Buys) for event in events) <= 4_000
    assert sum(isinstance(event, Joins) for event in events) == len(CAST) + WHOLE.others
    assert any(isinstance(event, BringsBack) for event in events)
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert events[-1].at <= NOW


def test_receipts_have_numbers_of_their_own() -> None:
    receipts = [event.receipt for event in plan(WHOLE, end=NOW, zone=ZONE) if isinstance(event, Buys)]
    assert len({(receipt.store, receipt.number) for receipt in receipts}) == len(receipts)


def test_the_dice_are_the_published_ones() -> None:
    dice = Dice(1234567)
    assert [dice.below(2**64) for _ in range(3)] == [6457827717110365317, 3203168211198807973, 9817491932198370423]


def test_everything_a_shop_has_is_in_it(filled: DemoShop, sqlite: Engine) -> None:
    with transaction(sqlite, writes=False) as session:
        assert list(check_ledger(session)) == []
        assert stands_here(session)
        ada, ben, cleo = (balance_of(session, who.contact) for who in (ADA, BEN, CLEO))
        assert ben.pending > 0
        assert ben.available == 300
        assert ben.expiring
        assert cleo.debt < 0
        assert ada.available > 0
    assert filled.members == len(CAST) + SMALL.others
    assert filled.receipts > 50


def test_filling_in_chunks_makes_the_same_shop(filled: DemoShop, sqlite_template: Path, tmp_path: Path) -> None:
    other = make_engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'other.db')}")
    steps: list[tuple[int, int]] = []
    shop = fill_in_chunks(other, scale=SMALL, secret=SECRET, now=NOW, progress=lambda *step: steps.append(step))
    other.dispose()
    assert (shop.members, shop.receipts, shop.refunds) == (filled.members, filled.receipts, filled.refunds)
    assert steps[-1][0] == steps[-1][1]


def test_a_database_with_another_shop_is_left_alone(sqlite: Engine) -> None:
    rulebook = load_json({"id": "mine", "currency": "RUB", "timezone": "Europe/Moscow"})
    with transaction(sqlite, writes=True) as session:
        publish_rulebook(session, rulebook, effective_from=NOW, now=NOW)
    with transaction(sqlite, writes=True) as session, pytest.raises(NotEmpty):
        fill(session, scale=SMALL, secret=SECRET, now=NOW)


def test_the_demo_is_not_filled_twice(filled: DemoShop, sqlite: Engine) -> None:
    with transaction(sqlite, writes=True) as session, pytest.raises(NotEmpty):
        fill(session, scale=SMALL, secret=SECRET, now=NOW)


def test_a_demo_link_signs_in_once(filled: DemoShop, sqlite: Engine) -> None:
    app = create_app(local_settings(sqlite, demo=True))
    app.extensions["clock"] = lambda: NOW
    with transaction(sqlite, writes=True) as session:
        links = new_links(session, now=NOW)
    address = f"/demo/{links.tokens['Ada']}"
    ada = app.test_client()
    assert ada.get(address).headers["Location"] == "/home"
    assert ada.get("/card").status_code == 200
    assert app.test_client().get(address).headers["Location"] == "/sign-in"


def test_a_shop_has_no_demo_links(filled: DemoShop, sqlite: Engine) -> None:
    app = create_app(local_settings(sqlite))
    with transaction(sqlite, writes=True) as session:
        links = new_links(session, now=NOW)
    assert app.test_client().get(f"/demo/{links.tokens['Ada']}").status_code == 404


def test_the_known_pin_is_one_the_portal_takes() -> None:
    assert hash_pin(CASHIER_PIN)


def test_the_inboxes_tell_what_happened_and_what_was_held_back(filled: DemoShop, sqlite: Engine) -> None:
    with transaction(sqlite, writes=False) as session:
        person = find_person(session, by_contact(read_contact(ADA.contact)))
        assert person is not None
        messages = inbox(session, person.id, before=None, limit=200)
    assert {"welcome", "purchase", "points_released"} <= {message.kind.name for message in messages}
    assert {message.reason for message in messages} >= {None, "weekly_cap"}
    assert all(NOW - message.at < timedelta(days=4) for message in messages if message.unread)
