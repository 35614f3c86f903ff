"""Who stands at the till, and what a code may do there, on both databases."""

from datetime import timedelta

import pytest

from portal.db import Batch, Stale
from portal.members import operations, queries
from portal.members.lookup import by_code, by_contact, by_id
from portal.members.operations import MemberLeft, UnknownMember
from portal.members.rotating_code import MAX_BAD_MACS, draw_code, judge, window_at
from tests.members.cast import ADA, BEN, NOW, join, person


@pytest.fixture
def ada(session):
    return join(session, ADA)


@pytest.fixture
def signed_in(session, ada):
    return operations.open_session(session, ada, user_agent="", now=NOW)


def draw(session, signed_in, ada, *, now=NOW):
    device = queries.find_card_device(session, signed_in.id)
    return draw_code(person(session, ada).card_number or "", key=device.key, window=window_at(now))


def forged(code):
    return code[:-1] + str((int(code[-1]) + 1) % 10)


def identify(session, code, *, till="T1", now=NOW, shown_at=None):
    return operations.identify(session, by_code(code), shown_to=till, shown_at=shown_at, now=now)


def test_a_rotating_code_may_spend_at_the_till_that_saw_it(session, ada, signed_in):
    code = draw(session, signed_in, ada)
    first = identify(session, code)
    assert (first.person.id, first.verified, first.refusal) == (ada, "rotating", None)
    assert identify(session, code, now=NOW + timedelta(minutes=2)).verified == "rotating"
    elsewhere = identify(session, code, till="T2")
    assert (elsewhere.verified, elsewhere.verdict.proof) == ("static", "used")


def test_the_number_and_a_contact_only_earn(session, ada):
    number = person(session, ada).card_number or ""
    assert identify(session, number).verified == "static"
    by_phone = operations.identify(session, by_contact(ADA), shown_to="T1", shown_at=None, now=NOW)
    assert (by_phone.person.id, by_phone.verified) == (ada, "static")


def test_an_offline_till_learns_later_whose_card_it_was(session, ada, signed_in):
    code = draw(session, signed_in, ada)
    late = identify(session, code, now=NOW + timedelta(days=2), shown_at=NOW)
    assert (late.verified, late.verdict.proof, late.refusal) == ("static", "expired", None)


def test_forged_codes_are_refused_and_counted_until_the_key_is_made_anew(session, ada, signed_in):
    code = draw(session, signed_in, ada)
    for _ in range(MAX_BAD_MACS):
        answer = identify(session, forged(code))
        assert (answer.refusal.code, answer.verified) == ("code-forged", "static")
    assert identify(session, code).verdict.proof == "locked"
    operations.enrol_device(session, ada, session_id=signed_in.id, now=NOW)
    assert identify(session, draw(session, signed_in, ada)).verified == "rotating"
    assert identify(session, code).refusal.code == "code-forged"


def test_a_fresh_code_forgives_earlier_forgeries(session, ada, signed_in):
    code = draw(session, signed_in, ada)
    identify(session, forged(code))
    identify(session, code)
    assert [device.bad_macs for device in person(session, ada).devices] == [0]


def test_a_signed_out_phone_draws_forgeries(session, ada, signed_in):
    code = draw(session, signed_in, ada)
    operations.revoke_session(session, ada, signed_in.id, now=NOW)
    assert identify(session, code).refusal.code == "code-forged"


def test_enrolling_a_phone_again_gives_the_same_key(session, ada, signed_in):
    device = queries.find_card_device(session, signed_in.id)
    assert operations.enrol_device(session, ada, session_id=signed_in.id, now=NOW) == device
    assert len(device.key) == 32


def test_two_phones_have_two_keys(session, ada, signed_in):
    tablet = operations.open_session(session, ada, user_agent="", now=NOW)
    for opened in (signed_in, tablet):
        assert identify(session, draw(session, opened, ada)).verified == "rotating"


def test_a_code_pays_for_one_receipt(session, ada, signed_in):
    lookup = by_code(draw(session, signed_in, ada))

    def judged(receipt, *, till="T1"):
        return judge(
            lookup.rotating,
            devices=person(session, ada).devices,
            now=NOW,
            shown_at=NOW,
            shown_to=till,
            spend_for=receipt,
        )

    def spend(verdict, receipt, *, till="T1"):
        batch = Batch()
        operations.show_code(batch, verdict, shown_to=till, spent_for=receipt, now=NOW)
        batch.flush(session)

    before = judged("S1-1")
    spend(before, "S1-1")
    spend(before, "S1-1")
    assert judged("S1-1").proof == "fresh"
    assert judged("S1-2").proof == "used"
    with session.begin_nested() as savepoint:
        with pytest.raises(Stale):
            spend(before, "S1-2")
        savepoint.rollback()


def test_nobody_is_nobody(session):
    with pytest.raises(UnknownMember):
        operations.identify(session, by_contact(BEN), shown_to="T1", shown_at=None, now=NOW)


def test_who_left_is_not_served(session, ada):
    operations.leave(session, ada, source="profile", now=NOW)
    with pytest.raises(MemberLeft):
        operations.identify(session, by_id(ada), shown_to="T1", shown_at=None, now=NOW)
