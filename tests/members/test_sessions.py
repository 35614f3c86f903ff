"""Sign-ins: how long they open what, and every way they end, on both databases."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from portal.members import operations, queries
from portal.members.tables import LoginSession
from portal.members.terms import SESSION_TERMS
from tests.members.cast import ADA, BEN, NOW, join

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)


def open_session(session, member_id, *, now=NOW, terms=SESSION_TERMS):
    return operations.open_session(session, member_id, user_agent="Firefox on Linux", now=now, terms=terms)


def found(session, opened, *, now):
    return queries.find_session(session, opened.token, now=now)


def test_a_sign_in_is_found_by_its_token_alone(session):
    ada = join(session, ADA)
    opened = open_session(session, ada)
    signed_in = found(session, opened, now=NOW)
    assert signed_in is not None
    assert (signed_in.member_id, signed_in.session_id, signed_in.language) == (ada, opened.id, "en")
    assert (signed_in.open, signed_in.fresh, signed_in.to_be_seen) == (True, True, False)
    for token in ("", opened.id, opened.token[:-1], opened.token + "x"):
        assert queries.find_session(session, token, now=NOW) is None


def test_the_database_knows_no_token(session):
    opened = open_session(session, join(session, ADA))
    kept = " ".join(map(str, session.execute(select(LoginSession.__table__)).one()))
    assert opened.token not in kept
    assert opened.token not in repr(opened)


def test_what_is_dangerous_asks_for_a_new_code_after_a_quarter_of_an_hour(session):
    opened = open_session(session, join(session, ADA))
    assert found(session, opened, now=NOW + timedelta(minutes=15) - MICROSECOND).fresh
    late = found(session, opened, now=NOW + timedelta(minutes=15))
    assert (late.open, late.fresh) == (True, False)


def test_private_pages_close_after_twelve_hours_without_a_visit(session):
    opened = open_session(session, join(session, ADA))
    operations.see_session(session, opened.id, now=NOW + 6 * HOUR)
    assert found(session, opened, now=NOW + 18 * HOUR - MICROSECOND).open
    assert not found(session, opened, now=NOW + 18 * HOUR).open


def test_a_visit_never_opens_what_was_closed(session):
    opened = open_session(session, join(session, ADA))
    operations.see_session(session, opened.id, now=NOW + 13 * HOUR)
    assert not found(session, opened, now=NOW + 13 * HOUR).open


def test_a_visit_is_noted_once_in_five_minutes(session):
    opened = open_session(session, join(session, ADA))
    assert not found(session, opened, now=NOW + timedelta(minutes=5) - MICROSECOND).to_be_seen
    later = NOW + timedelta(minutes=5)
    assert found(session, opened, now=later).to_be_seen
    operations.see_session(session, opened.id, now=later)
    assert not found(session, opened, now=later).to_be_seen


def test_a_sign_in_ends_after_ninety_days_unseen_and_after_a_year_in_all(session):
    opened = open_session(session, join(session, ADA))
    assert found(session, opened, now=NOW + 90 * DAY) is None
    for days in range(80, 365, 80):
        operations.see_session(session, opened.id, now=NOW + days * DAY)
    assert found(session, opened, now=NOW + 365 * DAY - MICROSECOND)
    assert found(session, opened, now=NOW + 365 * DAY) is None


def test_a_code_typed_again_gives_a_new_token_and_ends_the_old(session):
    opened = open_session(session, join(session, ADA))
    later = NOW + 20 * HOUR
    fresh = operations.freshen_session(session, opened.id, now=later)
    assert found(session, opened, now=later) is None
    signed_in = found(session, fresh, now=later)
    assert (signed_in.session_id, signed_in.open, signed_in.fresh) == (opened.id, True, True)


def test_a_revoked_sign_in_stays_revoked(session):
    ada = join(session, ADA)
    opened = open_session(session, ada)
    for _ in range(2):
        operations.revoke_session(session, ada, opened.id, now=NOW)
    operations.see_session(session, opened.id, now=NOW + HOUR)
    fresh = operations.freshen_session(session, opened.id, now=NOW)
    assert found(session, opened, now=NOW) is None
    assert found(session, fresh, now=NOW) is None
    assert queries.find_card_device(session, opened.id) is None


def test_nobody_ends_the_sign_in_of_another_member(session):
    opened = open_session(session, join(session, ADA))
    operations.revoke_session(session, join(session, BEN, name="Ben"), opened.id, now=NOW)
    assert found(session, opened, now=NOW)


def test_a_member_lists_what_is_signed_in_and_ends_all_but_this(session):
    ada = join(session, ADA)
    phone, laptop, gone = (open_session(session, ada, now=NOW + n * HOUR) for n in range(3))
    operations.revoke_session(session, ada, gone.id, now=NOW)
    listed = queries.list_sessions(session, ada, now=NOW)
    assert [line.id for line in listed] == [laptop.id, phone.id]
    assert {line.label for line in listed} == {"Firefox · Linux"}
    operations.revoke_sessions(session, ada, keep=phone.id, now=NOW)
    assert [line.id for line in queries.list_sessions(session, ada, now=NOW)] == [phone.id]


def test_one_sign_in_too_many_ends_the_one_not_seen_for_longest(session):
    ada = join(session, ADA)
    terms = replace(SESSION_TERMS, at_most=2)
    first, second, third = (open_session(session, ada, now=NOW + n * HOUR, terms=terms) for n in range(3))
    listed = queries.list_sessions(session, ada, now=NOW)
    assert [line.id for line in listed] == [third.id, second.id]
    assert found(session, first, now=NOW) is None


def test_ended_sign_ins_are_forgotten_with_their_keys(session):
    ada = join(session, ADA)
    seen, revoked, unseen = (open_session(session, ada) for _ in range(3))
    operations.revoke_session(session, ada, revoked.id, now=NOW + DAY)
    operations.see_session(session, seen.id, now=NOW + 85 * DAY)
    assert operations.forget_sessions(session, ended_before=NOW + DAY) == 0
    assert operations.forget_sessions(session, ended_before=NOW + DAY + MICROSECOND) == 1
    assert operations.forget_sessions(session, ended_before=NOW + 91 * DAY) == 1
    assert found(session, seen, now=NOW + 91 * DAY)
    assert queries.find_card_device(session, unseen.id) is None
    assert queries.find_card_device(session, seen.id)


def test_leaving_ends_every_sign_in(session):
    ada = join(session, ADA)
    opened = open_session(session, ada)
    operations.leave(session, ada, source="profile", now=NOW)
    assert found(session, opened, now=NOW) is None
