"""The fast way to post an accrual writes what the plain way writes, to the last hash."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from portal.db import transaction
from portal.ledger.accruals import NoPoints
from portal.ledger.checks import check_ledger
from portal.ledger.entries import Origin
from portal.ledger.posting import Accrual, accrue, accrue_alone, accrue_plainly
from portal.ledger.queries import load
from portal.ledger.sheet import AlreadyPosted, PostedDifferently
from portal.rulebook.validity import LotDates
from tests.ledger import race
from tests.ledger.stories import NOW, at, grant, lives, redeem, refund, tell

TABLES = ("book", "account", "entry", "lot")
ACCRUAL = Accrual(
    member="ada",
    points=12,
    at=NOW,
    source="receipt/1/base5",
    origin=Origin("purchase", receipt="r1", rule="base5", rulebook="shop@17#9f3c"),
    dates=lives(180, pending=14),
    details={"title": 'Базовые 5 % "точно"', "base": {"2": 22200}, "exact": "25/2"},
)
ACCRUALS = st.builds(
    replace,
    st.just(ACCRUAL),
    points=st.integers(1, 10**12),
    source=st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1, max_size=50).map("fast/".__add__),
    at=st.integers(0, 10**9).map(lambda n: NOW - timedelta(microseconds=n)),
    origin=st.sampled_from([ACCRUAL.origin, Origin("welcome", budget="spring")]),
    dates=st.sampled_from([LotDates(at(-1), None, None), lives(180, pending=14)]),
    details=st.dictionaries(st.text('aя"\\\n%{:', max_size=5), st.integers() | st.text("aя%'", max_size=5), max_size=3),
)


def rows(session: Session) -> dict[str, list[dict[str, object]]]:
    return {
        table: [dict(row) for row in session.execute(text(f"select * from {table} order by 1, 2")).mappings()]
        for table in TABLES
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(accrual=ACCRUALS)
def test_both_ways_write_the_same(engine: Engine, accrual: Accrual) -> None:
    written = []
    for way in (accrue, accrue_plainly):
        with engine.connect() as connection, connection.begin() as undone:
            session = Session(connection)
            accrue_plainly(session, replace(ACCRUAL, source="before"), now=NOW)
            assert way(session, accrual, now=NOW) == 2
            written.append(rows(session))
            assert list(check_ledger(session)) == []
            undone.rollback()
    assert written[0] == written[1]


def test_the_fast_way_reads_no_book(engine: Engine) -> None:
    tell(engine, grant(5))
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    with transaction(engine, writes=True) as session:
        accrue(session, ACCRUAL, now=NOW)
    sent = [each for each in statements if not each.startswith("BEGIN")]
    assert len(sent) == (1 if engine.dialect.name == "postgresql" else 5)


def test_an_accrual_told_twice_is_refused_by_name(engine: Engine) -> None:
    tell(engine, grant(5))
    with transaction(engine, writes=True) as session:
        accrue(session, ACCRUAL, now=NOW)
        with pytest.raises(AlreadyPosted):
            accrue(session, ACCRUAL, now=at(1))
        with pytest.raises(PostedDifferently):
            accrue(session, replace(ACCRUAL, points=13), now=NOW)
        with pytest.raises(NoPoints):
            accrue(session, replace(ACCRUAL, points=0, source="nothing"), now=NOW)
        assert load(session, "ada", now=NOW).count == 2


def test_the_first_accrual_of_a_member_opens_the_book(engine: Engine) -> None:
    with transaction(engine, writes=True) as session:
        assert accrue(session, ACCRUAL, now=NOW) == 1
        assert accrue(session, replace(ACCRUAL, source="gift", wallet="whiskas"), now=NOW) == 2
        assert list(check_ledger(session)) == []


def test_an_accrual_repays_a_debt_first(engine: Engine) -> None:
    tell(engine, grant(100), redeem(100))
    tell(engine, refund(day=1, reverse={"g": 100}), now=at(1), sources=["g"])
    with transaction(engine, writes=True) as session:
        accrue(session, replace(ACCRUAL, points=150, dates=lives(30)), now=at(1))
        assert load(session, "ada", now=at(1)).balance(at(1)).available == 50
        assert list(check_ledger(session)) == []


def test_an_accrual_alone_is_a_transaction_of_its_own(engine: Engine) -> None:
    assert accrue_alone(engine, ACCRUAL, now=NOW) == 1
    assert accrue_alone(engine, replace(ACCRUAL, source="again"), now=NOW) == 2
    with pytest.raises(AlreadyPosted):
        accrue_alone(engine, ACCRUAL, now=at(1))
    with transaction(engine, writes=False) as session:
        assert load(session, "ada", now=NOW).balance(NOW).pending == 24
        assert list(check_ledger(session)) == []


def test_what_was_posted_alone_leaves_the_connection_as_it_was(postgresql: Engine) -> None:
    accrue_alone(postgresql, ACCRUAL, now=NOW)
    with postgresql.connect() as connection:
        assert connection.connection.driver_connection.autocommit


def test_the_same_accrual_at_once_is_posted_once(engine: Engine) -> None:
    tell(engine, grant(5))
    answers = race.count(race.race(engine, race.till_accrues_the_same_alone, tills=12))
    assert answers == {"posted": 1, "already-posted": 11}


def test_accruals_of_one_member_at_once_are_all_posted(engine: Engine) -> None:
    tell(engine, grant(5))
    assert race.count(race.race(engine, race.till_accrues, tills=20)) == {"posted": 20}
    with transaction(engine, writes=False) as session:
        assert load(session, "ada", now=NOW).balance(NOW).pending == 240
        assert list(check_ledger(session)) == []
