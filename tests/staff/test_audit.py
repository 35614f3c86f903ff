"""The audit: what was done stays done, and a changed entry is found, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.staff import operations, queries
from portal.staff.audit_chain import GENESIS, Deed, Link, broken_links, link_hash

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
DEED = Deed(
    actor_kind="staff",
    actor_id="mira",
    action="points.adjust",
    subject_kind="member",
    subject_id="ada",
    details={"points": -50, "reason": "goodwill"},
)


def chain(number):
    links, before = [], GENESIS
    for n in range(1, number + 1):
        deed = replace(DEED, details={"points": n})
        before = link_hash(deed, number=n, at=NOW, before=before)
        links.append(Link(number=n, at=NOW, deed=deed, hash=before))
    return links


def broken(links, whole):
    return broken_links(links, head=(whole[-1].number, whole[-1].hash))


def test_a_whole_chain_is_whole():
    assert broken(chain(5), chain(5)) == []
    assert broken_links([], head=(0, GENESIS)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"actor_id": "tim"},
        {"actor_kind": "member"},
        {"action": "points.give"},
        {"subject_id": "ben"},
        {"subject_kind": None},
        {"details": {"points": 5000}},
    ],
)
def test_a_changed_deed_breaks_the_chain_where_it_is(change):
    links = chain(5)
    links[2] = replace(links[2], deed=replace(links[2].deed, **change))
    assert broken(links, chain(5)) == [3]


def test_another_time_breaks_the_chain():
    links = chain(5)
    links[2] = replace(links[2], at=NOW.replace(year=2025))
    assert broken(links, chain(5)) == [3]


def test_a_missing_an_invented_and_a_cut_entry_break_the_chain():
    whole = chain(5)
    assert broken([*whole[:2], *whole[3:]], whole) == [4]
    assert broken([*whole[:3], whole[2], *whole[3:]], whole) == [3]
    assert broken(whole[:4], whole) == [5]
    assert broken([], whole) == [1]


def test_deeds_are_read_as_they_were_told(session):
    numbers = [operations.audit(session, replace(DEED, subject_id=name), now=NOW) for name in ("ada", "ben")]
    first, second = queries.read_audit(session)
    assert numbers == [1, 2]
    assert (first.deed, first.at) == (replace(DEED, subject_id="ada"), NOW)
    assert queries.read_audit(session, after=1) == [second]
    assert queries.read_audit(session, limit=1) == [first]
    assert queries.check_audit(session) == []


def test_an_empty_audit_is_whole(session):
    assert queries.check_audit(session) == []


@pytest.mark.parametrize("sin", ["update audit_entry set action = 'nothing'", "delete from audit_entry"])
def test_the_database_refuses_to_rewrite_the_audit(session, sin):
    operations.audit(session, DEED, now=NOW)
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text(sin))


def test_who_gets_past_the_database_is_found_by_the_chain(session):
    for _ in range(3):
        operations.audit(session, DEED, now=NOW)
    away = "drop trigger audit_entry_no_update"
    postgresql = session.get_bind().dialect.name == "postgresql"
    session.execute(text("alter table audit_entry disable trigger user" if postgresql else away))
    session.execute(text("update audit_entry set subject_id = 'ben' where number = 2"))
    assert queries.check_audit(session) == [2]
    if postgresql:
        session.execute(text("alter table audit_entry enable trigger user"))
