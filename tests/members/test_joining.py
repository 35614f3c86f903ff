"""Joining: one member for each contact, one welcome for each person, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.members import operations, queries
from portal.members.card_numbers import read_card_number
from portal.members.contacts import read_contact
from portal.members.lookup import by_anything_typed, by_code, by_contact, by_email, by_id, by_phone
from portal.members.names import WrongName
from portal.members.operations import ContactNeeded, ContactsOfTwo, Newcomer, UnknownReferrer
from portal.members.time_zones import WrongTimeZone
from tests.members.cast import ADA, BEN, CLEO, NOW, SECRET, join, person

NEW = Newcomer(contacts=(ADA,), name=" Ada  Lovelace", language="en", verified=True)


def enrol(session, newcomer=NEW, *, now=NOW):
    return operations.find_or_enrol(session, newcomer, secret=SECRET, joined_at=now, now=now)


def test_a_newcomer_gets_a_card_and_is_told_to_be_new(session):
    enrolled = enrol(session, replace(NEW, time_zone="Asia/Omsk", referred_by="qr/S1"))
    ada = person(session, enrolled.member_id)
    assert (enrolled.created, enrolled.first_time) == (True, True)
    assert read_card_number(ada.card_number or "") == ada.card_number
    assert (ada.name, ada.first_name, ada.active, ada.contact_verified) == ("Ada Lovelace", "Ada", True, True)
    assert (ada.language, ada.time_zone, ada.referred_by, ada.joined_at) == ("en", "Asia/Omsk", "qr/S1", NOW)
    assert (ada.referrer_id, ada.agent_id, ada.birthday, ada.spends_from, ada.devices) == (None, None, None, None, ())


def test_the_same_contact_again_is_the_same_member_as_told_at_first(session):
    first = enrol(session)
    again = enrol(session, replace(NEW, name="Somebody Else", contacts=(ADA, CLEO)))
    assert again == replace(first, created=False, first_time=False)
    assert person(session, first.member_id).name == "Ada Lovelace"


def test_two_contacts_of_two_members_are_refused(session):
    enrol(session)
    enrol(session, replace(NEW, contacts=(CLEO,), name="Cleo"))
    with pytest.raises(ContactsOfTwo):
        enrol(session, replace(NEW, contacts=(ADA, CLEO)))


def test_without_a_contact_nobody_joins(session):
    with pytest.raises(ContactNeeded):
        enrol(session, replace(NEW, contacts=()))


def test_a_referrer_must_be_a_member_and_stays_for_life(session):
    ada, ben = join(session, ADA), join(session, BEN, name="Ben")
    cleo = join(session, CLEO, name="Cleo", referrer_id=ada)
    join(session, CLEO, name="Cleo", referrer_id=ben)
    assert person(session, cleo).referrer_id == ada
    with pytest.raises(UnknownReferrer):
        join(session, read_contact("eve@example.org"), referrer_id="0" * 26)


@pytest.mark.parametrize(("field", "refusal"), [("name", WrongName), ("time_zone", WrongTimeZone)])
def test_a_wrong_field_is_refused(session, field, refusal):
    with pytest.raises(refusal):
        enrol(session, replace(NEW, **{field: "…"}))


def test_tags_and_dots_do_not_make_a_new_person(session):
    enrol(session, replace(NEW, contacts=(read_contact("ada@gmail.com"),)))
    tagged = enrol(session, replace(NEW, contacts=(read_contact("a.da+2@gmail.com"),)))
    assert (tagged.created, tagged.first_time) == (True, False)


def test_who_left_comes_back_with_everything_kept(session):
    enrolled = enrol(session)
    operations.leave(session, enrolled.member_id, source="profile", now=NOW)
    assert not person(session, enrolled.member_id).active
    back = enrol(session, now=NOW + timedelta(days=9))
    assert back == replace(enrolled, created=False, first_time=False)
    assert person(session, enrolled.member_id).active


def test_a_member_is_found_by_whatever_a_till_shows(session):
    member_id = join(session, ADA, read_contact("ada@example.org"))
    card = person(session, member_id).card_number or ""
    for lookup in (
        by_id(member_id),
        by_code(card),
        by_phone("8 912 345 67 89"),
        by_email("ADA@example.org"),
        by_contact(ADA),
        by_anything_typed(f"{card[:4]} {card[4:]}"),
        by_anything_typed("+7 (912) 345-67-89"),
        by_anything_typed("ada@example.org"),
    ):
        found = queries.find_person(session, lookup)
        assert found is not None, lookup.kind
        assert found.id == member_id
    assert queries.find_person(session, by_email("ada+x@example.org")) is None
    assert queries.find_person(session, by_contact(BEN)) is None
