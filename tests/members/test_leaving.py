"""Being forgotten: nothing of a person stays, and nobody is welcomed twice, on both databases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.db import Base
from portal.members import operations, queries
from portal.members.lookup import by_code, by_contact
from portal.members.occasions import holiday_of
from portal.members.operations import Answer, Newcomer
from tests.members.cast import ADA, CLEO, DORA, NOW, SECRET, ask, join, person

TABLES = (
    "member",
    "identity",
    "contact_tombstone",
    "consent",
    "sign_in_code",
    "sign_in_gate",
    "login_session",
    "card_device",
)


@pytest.fixture
def dora(session):
    """Give a member who told us everything there is to tell."""
    operations.add_consent_text(session, purpose="programme", version="1", language="en", text="I agree.", now=NOW)
    newcomer = Newcomer(
        contacts=(DORA, ADA),
        name="Dora Canary",
        language="en",
        verified=True,
        time_zone="Asia/Omsk",
        referred_by="qr/canary",
    )
    dora = operations.find_or_enrol(session, newcomer, secret=SECRET, joined_at=NOW, now=NOW).member_id
    operations.record_consents(
        session, dora, [Answer(purpose="programme", granted=True, version="1", language="en")], source="join", now=NOW
    )
    operations.set_birthday(session, dora, date(1987, 6, 5), today=NOW.date(), now=NOW)
    operations.set_holiday(session, dora, holiday_of(month=7, day=8), title="Canary day", now=NOW)
    ask(session, DORA)
    operations.open_session(session, dora, user_agent="Firefox", now=NOW)
    return dora


def everything(session):
    """Return every value of every table of members as one text."""
    rows = (row for name in TABLES for row in session.execute(select(Base.metadata.tables[name])))
    return "\n".join(str(tuple(row)) for row in rows)


def test_nothing_of_a_person_stays(session, dora):
    card = person(session, dora).card_number or ""
    canaries = ["Canary", "qr/canary", "dora@", "79123456789", "1987", "Omsk", card]
    before = everything(session)
    assert all(canary in before for canary in canaries)
    assert operations.erase(session, dora, secret=SECRET, now=NOW)
    after = everything(session)
    assert [canary for canary in canaries if canary in after] == []


def test_the_pseudonym_stays_under_points_and_consents(session, dora):
    cleo = join(session, CLEO, name="Cleo", referrer_id=dora)
    operations.erase(session, dora, secret=SECRET, now=NOW)
    gone = person(session, dora)
    assert (gone.active, gone.card_number, gone.name, gone.devices) == (False, None, "", ())
    assert person(session, cleo).referrer_id == dora
    assert [d.decision for d in queries.consent_history(session, dora)] == ["granted", "withdrawn"]


def test_nobody_finds_who_was_forgotten(session, dora):
    card = person(session, dora).card_number or ""
    operations.erase(session, dora, secret=SECRET, now=NOW)
    assert [queries.find_person(session, way) for way in (by_contact(DORA), by_contact(ADA), by_code(card))] == [
        None
    ] * 3
    assert queries.list_sessions(session, dora, now=NOW) == []


def test_forgetting_twice_is_forgetting_once(session, dora):
    assert operations.erase(session, dora, secret=SECRET, now=NOW)
    before = everything(session)
    assert not operations.erase(session, dora, secret=SECRET, now=NOW + timedelta(days=1))
    assert everything(session) == before
    assert not operations.erase(session, "0" * 26, secret=SECRET, now=NOW)


@pytest.mark.parametrize("contact", [DORA, ADA])
def test_who_was_forgotten_may_join_again_and_is_not_welcomed_again(session, dora, contact):
    operations.erase(session, dora, secret=SECRET, now=NOW)
    newcomer = Newcomer(contacts=(contact,), name="Dora", language="en", verified=True)
    again = operations.find_or_enrol(session, newcomer, secret=SECRET, joined_at=NOW, now=NOW)
    assert (again.created, again.first_time, again.member_id == dora) == (True, False, False)


def test_a_tombstone_has_a_term(session, dora):
    operations.erase(session, dora, secret=SECRET, now=NOW)
    operations.forget_tombstones(session, before=NOW)
    assert queries.been_here_before(session, [ADA], secret=SECRET)
    operations.forget_tombstones(session, before=NOW + timedelta(days=1))
    assert not queries.been_here_before(session, [ADA], secret=SECRET)
