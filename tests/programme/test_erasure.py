"""What a member leaves behind is numbers: no words about them, and nothing in the file of the database."""

import contextlib
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

from portal.db import run
from portal.ids import new_id
from portal.members.addresses import block
from portal.members.keyed import keyed_hash
from portal.programme.adjust_points import Correction, adjust_points
from portal.programme.erase_member import erase_member
from portal.programme.give_tier import GivenTier, give_tier
from portal.staff import operations as staff
from portal.staff.operations import NewStaff
from tests.programme.asking import doing
from tests.programme.referrals.inviting import AT_ONCE, friend
from tests.programme.shop import BASE5, DAY, NOW, SECRET, Shop, rulebook
from tests.programme.tiers.ladders import ladder, opened


def everything(engine: Engine) -> str:
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        return "\n".join(str(row) for name in tables for row in connection.execute(text(f'select * from "{name}"')))


def erase(shop: Shop, member_id: str) -> None:
    assert doing(shop, lambda session: erase_member(session, member_id, secret=SECRET, now=NOW + DAY))


def test_what_staff_wrote_of_a_member_goes_and_the_numbers_stay(engine: Engine) -> None:
    shop = Shop(engine)
    ada, command = opened(shop, ladder()), shop.command(operator="staff:mira")
    given = GivenTier(tier="gold", until=NOW + DAY, reason="Canary is a friend of the house")
    doing(shop, lambda session: give_tier(session, ada, given, command=command))
    for points in (5, 5000):  # the second one waits
        correction = Correction(
            id=new_id(NOW), member_id=ada, points=points, reason="goodwill", comment="Canary waited long"
        )
        doing(shop, lambda session, asked=correction: adjust_points(session, asked, command=command))
    assert "Canary" in everything(shop.engine)
    erase(shop, ada)
    assert "Canary" not in everything(shop.engine)
    assert shop.broken() == []


def test_nobody_of_the_staff_is_known_as_who_was_erased(engine: Engine) -> None:
    shop = Shop(engine)
    ada = opened(shop, None)
    new = NewStaff("Tim", "cashier", "4711", own_member_id=ada)
    tim = doing(shop, lambda session: staff.add_staff(session, new, now=NOW))
    erase(shop, ada)
    with shop.engine.connect() as connection:
        assert connection.execute(text("select id, member_id from staff")).all() == [(tim, None)]


def test_no_browser_and_no_network_tells_how_somebody_came(engine: Engine) -> None:
    shop = Shop(engine)
    shop.publish(rulebook(BASE5, referral=AT_ONCE))
    dora = friend(shop, "dora@example.org", shop.join("ada@example.org"), device="her phone", address="192.0.2.7")
    traces = keyed_hash(SECRET, "device", "her phone"), keyed_hash(SECRET, "block", block("192.0.2.7"))
    assert all(trace in everything(shop.engine) for trace in traces)
    erase(shop, dora.member_id)
    assert not any(trace in everything(shop.engine) for trace in traces)


def test_an_erasure_leaves_nothing_in_the_file_and_its_log(sqlite: Engine) -> None:
    shop = Shop(sqlite)
    shop.publish(rulebook(BASE5))
    file = Path(sqlite.url.database or "")
    ada = shop.join("canary@example.org")
    assert b"canary@example.org" in written(file)
    erase(shop, ada)
    assert b"canary@example.org" not in written(file)


def test_an_erasure_does_not_hold_tills_up_for_whoever_reads(sqlite: Engine, caplog: pytest.LogCaptureFixture) -> None:
    shop = Shop(sqlite)
    shop.publish(rulebook(BASE5))
    ada = shop.join("ada@example.org")
    with contextlib.closing(sqlite3.connect(sqlite.url.database or "")) as reader:
        reader.execute("begin")
        reader.execute("select * from member").fetchone()
        erase(shop, ada)
    assert [record.message for record in caplog.records] == ["what was erased stands in SQLite's log: somebody reads"]
    assert run(sqlite, lambda session: session.scalar(text("pragma busy_timeout")), writes=False) == 10_000


def written(file: Path) -> bytes:
    return file.read_bytes() + file.with_name(f"{file.name}-wal").read_bytes()
