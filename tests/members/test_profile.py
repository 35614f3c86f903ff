"""What members correct about themselves, on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.members import operations, queries
from portal.members.contacts import read_contact
from portal.members.names import WrongName
from portal.members.occasions import ChangedLately, WrongBirthday, holiday_of
from portal.members.operations import ContactTaken, Correction, UnknownMember
from portal.members.operations.agents import OwnAgent, set_agent
from portal.members.terms import REDEMPTION_PAUSE
from portal.members.time_zones import WrongTimeZone
from tests.members.cast import ADA, BEN, NOW, SECRET, join, person

TODAY = NOW.date()
OTHER_PHONE = read_contact("+7 912 000-11-22")
ADDRESS = read_contact("ada@example.org")
NOBODY = "0" * 26


@pytest.fixture
def ada(session):
    return join(session, ADA)


def change_contact(session, member_id, contact, *, keep=None, now=NOW):
    return operations.change_contact(
        session, member_id, contact, verified=True, keep_session=keep, secret=SECRET, now=now
    )


def set_birthday(session, member_id, day, *, now=NOW):
    operations.set_birthday(session, member_id, day, today=now.date(), now=now)


def test_only_what_is_told_is_corrected(session, ada):
    operations.correct_profile(session, ada, Correction(language="ru", time_zone="Asia/Omsk"))
    operations.correct_profile(session, ada, Correction(name=" Ada  King "))
    corrected = person(session, ada)
    assert (corrected.name, corrected.language, corrected.time_zone) == ("Ada King", "ru", "Asia/Omsk")


@pytest.mark.parametrize(
    ("correction", "refusal"), [(Correction(name=" "), WrongName), (Correction(time_zone="Mars"), WrongTimeZone)]
)
def test_a_wrong_correction_is_refused(session, ada, correction, refusal):
    with pytest.raises(refusal):
        operations.correct_profile(session, ada, correction)


def test_a_changed_contact_pauses_spending_and_ends_other_sign_ins(session, ada):
    here, elsewhere = (operations.open_session(session, ada, user_agent="", now=NOW) for _ in range(2))
    change = change_contact(session, ada, OTHER_PHONE, keep=here.id)
    assert change.old is not None
    assert change.old.value == ADA.value
    assert person(session, ada).spends_from == NOW + REDEMPTION_PAUSE
    assert queries.find_session(session, here.token, now=NOW)
    assert queries.find_session(session, elsewhere.token, now=NOW) is None
    assert queries.find_profile(session, ada).phone == OTHER_PHONE.value


def test_a_first_address_is_no_change(session, ada):
    opened = operations.open_session(session, ada, user_agent="", now=NOW)
    assert change_contact(session, ada, ADDRESS).old is None
    assert change_contact(session, ada, ADDRESS).old is None
    assert person(session, ada).spends_from is None
    assert queries.find_session(session, opened.token, now=NOW)
    assert queries.find_profile(session, ada).email_verified_at == NOW


def test_a_contact_of_another_member_is_refused(session, ada):
    join(session, BEN, name="Ben")
    with pytest.raises(ContactTaken):
        change_contact(session, ada, BEN)
    assert queries.find_profile(session, ada).phone == ADA.value


def test_a_phone_given_up_welcomes_nobody_again(session, ada):
    change_contact(session, ada, OTHER_PHONE)
    assert queries.been_here_before(session, [ADA], secret=SECRET)
    assert not queries.been_here_before(session, [BEN], secret=SECRET)


def test_a_contact_is_verified_only_if_it_is_the_members(session):
    ben = operations.find_or_enrol(
        session,
        operations.Newcomer(contacts=(BEN,), name="Ben", language="en", verified=False),
        secret=SECRET,
        joined_at=NOW,
        now=NOW,
    ).member_id
    operations.verify_contact(session, ben, ADA, now=NOW)
    assert not person(session, ben).contact_verified
    operations.verify_contact(session, ben, BEN, now=NOW)
    assert person(session, ben).contact_verified


def test_a_birthday_is_kept_with_the_day_it_was_told(session, ada):
    set_birthday(session, ada, date(2000, 2, 29))
    birthday = person(session, ada).birthday
    assert birthday is not None
    assert (birthday.day, birthday.given_at) == (date(2000, 2, 29), NOW)


def test_a_birthday_changes_once_in_twelve_months(session, ada):
    set_birthday(session, ada, date(1990, 5, 1))
    changed = NOW + timedelta(days=1)
    set_birthday(session, ada, date(1990, 5, 2), now=changed)
    set_birthday(session, ada, date(1990, 5, 2), now=changed + timedelta(days=30))
    with pytest.raises(ChangedLately):
        set_birthday(session, ada, date(1990, 5, 3), now=changed + timedelta(days=364))
    assert person(session, ada).birthday.given_at == changed
    set_birthday(session, ada, date(1990, 5, 3), now=datetime(2027, 3, 5, 9, tzinfo=UTC))


def test_a_birthday_taken_back_and_told_again_is_a_change(session, ada):
    set_birthday(session, ada, date(1990, 5, 1))
    set_birthday(session, ada, None)
    assert person(session, ada).birthday is None
    set_birthday(session, ada, date(1990, 5, 1))
    set_birthday(session, ada, None)
    with pytest.raises(ChangedLately):
        set_birthday(session, ada, date(1990, 6, 1))


def test_a_birthday_ahead_is_refused(session, ada):
    with pytest.raises(WrongBirthday):
        set_birthday(session, ada, TODAY + timedelta(days=1))


def test_a_holiday_of_ones_own_has_a_title_and_the_same_pace(session, ada):
    operations.set_holiday(session, ada, holiday_of(month=6, day=10), title=" Day of  the cat ", now=NOW)
    profile = queries.find_profile(session, ada)
    assert (profile.holiday, profile.holiday_title) == (date(2000, 6, 10), "Day of the cat")
    operations.set_holiday(session, ada, holiday_of(month=6, day=11), now=NOW)
    with pytest.raises(ChangedLately):
        operations.set_holiday(session, ada, holiday_of(month=6, day=12), now=NOW)
    operations.set_holiday(session, ada, None, now=NOW)
    assert queries.find_profile(session, ada).holiday_title is None


def test_an_agent_is_another_member_and_can_be_taken_away(session, ada):
    ben = join(session, BEN, name="Ben")
    set_agent(session, ada, ben)
    assert person(session, ada).agent_id == ben
    set_agent(session, ada, None)
    assert person(session, ada).agent_id is None
    with pytest.raises(OwnAgent):
        set_agent(session, ada, ada)


def test_nobody_has_no_profile(session):
    assert queries.find_profile(session, NOBODY) is None
    for sin in (
        lambda: operations.correct_profile(session, NOBODY, Correction(name="Eve")),
        lambda: change_contact(session, NOBODY, ADA),
        lambda: set_birthday(session, NOBODY, date(1990, 5, 1)),
        lambda: operations.set_holiday(session, NOBODY, None, now=NOW),
    ):
        with pytest.raises(UnknownMember):
            sin()
