"""Who stands at the till, and what a code may do there, on both databases."""

from datetime import timedelta

import pytest

from portal.db import Batch, Stale
from portal.members import operations, queries
from portal.members.lookup import by_code, by_contact
from portal.members.rotating_code import MAX_BAD_MACS, draw_code, judge, window_at
from tests.members.cast import ADA, NOW, join, person


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


def see(session, code, *, till="T1", scan="scan 1", now=NOW):
    lookup = by_code(code)
    person = queries.find_person(session, lookup)
    return operations.see_code(session, lookup, person, shown_to=till, shown_under=scan, now=now)


def test_a_rotating_code_may_spend_at_the_till_that_saw_it(session, ada, signed_in):
    code = draw(session, signed_in, ada)
    assert see(session, code).verified == "rotating"
    assert see(session, code, now=NOW + timedelta(minutes=2)).verified == "rotating"
    elsewhere = see(session, code, till="T2")
    assert (elsewhere.verified, elsewhere.proof) == ("static", "used")


@pytest.mark.parametrize(("scan", "again"), [("scan 1", "scan 2"), ("", "")])
def test_a_code_is_scanned_once_at_the_same_till_too(session, ada, signed_in, scan, again):
    code = draw(session, signed_in, ada)
    assert see(session, code, scan=scan).proof == "fresh"
    assert see(session, code, scan=again).proof == "used"


def test_a_phone_is_given_its_key_once_and_asked_again_another(session, ada, signed_in):
    def hand_out():
        return operations.hand_out_key(session, ada, session_id=signed_in.id, now=NOW)

    drawn = draw(session, signed_in, ada)
    first = hand_out()
    assert first == queries.find_card_device(session, signed_in.id)
    assert see(session, drawn).proof == "fresh"
    second = hand_out()
    assert (second.id, second.key) != (first.id, first.key)
    assert see(session, drawn).proof == "forged"
    assert see(session, draw(session, signed_in, ada)).proof == "fresh"
    assert len(person(session, ada).devices) == 1


def test_a_locked_phone_is_given_another_key(session, ada, signed_in):
    locked = operations.hand_out_key(session, ada, session_id=signed_in.id, now=NOW)
    for _ in range(MAX_BAD_MACS):
        see(session, forged(draw(session, signed_in, ada)))
    renewed = operations.hand_out_key(session, ada, session_id=signed_in.id, now=NOW)
    assert renewed.key != locked.key
    assert see(session, draw(session, signed_in, ada)).proof == "fresh"


def test_the_number_and_a_contact_prove_nothing(session, ada):
    assert see(session, person(session, ada).card_number or "") is None
    seen = operations.see_code(session, by_contact(ADA), person(session, ada), shown_to="T1", shown_under="", now=NOW)
    assert seen is None


def test_forged_codes_are_counted_until_the_key_is_made_anew(session, ada, signed_in):
    code = draw(session, signed_in, ada)
    for _ in range(MAX_BAD_MACS):
        assert see(session, forged(code)).proof == "forged"
    assert see(session, code).proof == "locked"
    operations.enrol_device(session, ada, session_id=signed_in.id, now=NOW)
    assert see(session, draw(session, signed_in, ada)).proof == "fresh"
    assert see(session, code).proof == "forged"


def test_a_fresh_code_forgives_earlier_forgeries(session, ada, signed_in):
    code = draw(session, signed_in, ada)
    see(session, forged(code))
    see(session, code)
    assert [device.bad_macs for device in person(session, ada).devices] == [0]


def test_a_signed_out_phone_draws_forgeries(session, ada, signed_in):
    code = draw(session, signed_in, ada)
    operations.revoke_session(session, ada, signed_in.id, now=NOW)
    assert see(session, code).proof == "forged"


def test_enrolling_a_phone_again_gives_the_same_key(session, ada, signed_in):
    device = queries.find_card_device(session, signed_in.id)
    assert operations.enrol_device(session, ada, session_id=signed_in.id, now=NOW) == device
    assert len(device.key) == 32


def test_two_phones_have_two_keys(session, ada, signed_in):
    tablet = operations.open_session(session, ada, user_agent="", now=NOW)
    for opened in (signed_in, tablet):
        assert see(session, draw(session, opened, ada)).proof == "fresh"


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
