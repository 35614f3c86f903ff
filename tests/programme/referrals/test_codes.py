"""Who counts as brought by a friend's code, and who is told; on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from portal.db import run, transaction
from portal.members.lookup import by_id
from portal.members.queries import find_person
from portal.programme.came_by import CameBy, UnknownInvite
from portal.programme.erase_member import erase_member
from portal.referrals import operations as referrals
from portal.referrals.queries import find_invitation, reviews
from tests.programme.referrals.inviting import clicked, code, enrol, friend, invited
from tests.programme.shop import DAY, NOW, SECRET, Shop


def test_both_are_rewarded_at_once_where_the_rules_say_so(shop: Shop):
    ada = enrol(shop, "ada@example.org").member_id
    cleo = friend(shop, "cleo@example.org", ada)
    assert (cleo.invite, cleo.welcome and cleo.welcome.points) == ("ok", 500)
    assert shop.available(ada) == 350
    told = invited(shop, ada)
    assert (told.opened, told.joined, told.bought, told.points) == (0, 1, 0, 50)
    assert [each.first_name for each in told.friends] == ["Cleo"]


def test_a_typed_code_wins_over_a_link(shop: Shop):
    ada, ben = (enrol(shop, f"{name}@example.org").member_id for name in ("ada", "ben"))
    came_by = replace(clicked(code(shop, ben)), code=code(shop, ada))
    cleo = enrol(shop, "cleo@example.org", came_by).member_id
    with transaction(shop.engine, writes=False) as session:
        person = find_person(session, by_id(cleo))
    assert person is not None
    assert person.referrer_id == ada


def test_a_code_that_is_nobodys_is_refused_and_nobody_joins(shop: Shop):
    with pytest.raises(UnknownInvite):
        enrol(shop, "cleo@example.org", CameBy(code="12345678"))
    assert enrol(shop, "cleo@example.org").created


@pytest.mark.parametrize("text_", ["", " ", "\x00", "1234\x005678", "ß" * 8, "١٢٣٤٥٦٧٨", "'; drop table member; --"])
def test_odd_texts_lead_nowhere(shop: Shop, text_: str):
    with transaction(shop.engine, writes=False) as session:
        assert find_invitation(session, text_) is None


def test_a_link_that_leads_nowhere_any_more_is_as_none(shop: Shop):
    assert enrol(shop, "cleo@example.org", clicked("gone")).invite is None


def test_whoever_was_here_before_is_nobodys_friend(shop: Shop):
    ada = enrol(shop, "ada@example.org").member_id
    dora = enrol(shop, "dora@example.org").member_id
    run(shop.engine, lambda s: erase_member(s, dora, secret=SECRET, now=NOW), writes=True)
    again = friend(shop, "dora@example.org", ada)
    assert (again.created, again.invite, again.welcome) == (True, "existing_member", None)
    assert shop.available(ada) == 300


def test_a_member_is_never_brought_again(shop: Shop):
    ada, ben = (enrol(shop, f"{name}@example.org").member_id for name in ("ada", "ben"))
    friend(shop, "cleo@example.org", ada)
    again = friend(shop, "cleo@example.org", ben)
    assert (again.created, again.invite) == (False, None)
    assert (invited(shop, ada).joined, invited(shop, ben).joined) == (1, 0)


def test_nobody_brings_themselves_on_their_own_phone(shop: Shop):
    ada = enrol(shop, "ada@example.org").member_id
    from portal.members.keyed import keyed_hash  # noqa: PLC0415

    mark = keyed_hash(SECRET, "device", "phone of ada")
    run(shop.engine, lambda s: referrals.note_device(s, ada, mark, now=NOW), writes=True)
    other = friend(shop, "second@example.org", ada, device="phone of ada")
    assert (other.invite, other.welcome and other.welcome.points) == ("same_device", 300)
    assert friend(shop, "cleo@example.org", ada, device="phone of cleo").invite == "ok"


def test_a_month_has_a_limit_and_the_next_begins_anew(shop: Shop):
    ada = enrol(shop, "ada@example.org").member_id
    found = [friend(shop, f"friend{n}@example.org", ada).invite for n in range(5)]
    assert found == ["ok", "ok", "ok", "limit", "limit"]
    assert friend(shop, "april@example.org", ada, at=NOW + 30 * DAY).invite == "ok"
    assert shop.available(ada, at=NOW + 30 * DAY) == 300 + 4 * 50


def test_day_thirty_still_counts_and_day_thirty_one_does_not(shop: Shop):
    ada = enrol(shop, "ada@example.org").member_id
    came_by = clicked(code(shop, ada))
    assert enrol(shop, "cleo@example.org", came_by, at=NOW + 30 * DAY).invite == "ok"
    late = enrol(shop, "ben@example.org", came_by, at=NOW + 31 * DAY)
    assert (late.invite, late.welcome and late.welcome.points) == ("expired", 300)


def test_one_network_in_a_day_is_for_a_person_to_look_at(shop: Shop):
    ada = enrol(shop, "ada@example.org").member_id
    for n in range(3):
        friend(shop, f"friend{n}@example.org", ada, address=f"192.0.2.{n}")
    with transaction(shop.engine, writes=False) as session:
        [review] = reviews(session)
    assert (review.referrer_id, review.signal) == (ada, "address_block")
    friend(shop, "elsewhere@example.org", ada, address="198.51.100.7")
    with transaction(shop.engine, writes=False) as session:
        assert len(reviews(session)) == 1


def test_whoever_came_by_an_invitation_that_does_not_count_is_told_why(shop: Shop):
    ada = enrol(shop, "ada@example.org").member_id
    late = enrol(shop, "ben@example.org", clicked(code(shop, ada)), at=NOW + 31 * DAY).member_id
    with transaction(shop.engine, writes=False) as session:
        jobs = [str(row) for row in session.execute(text("select arguments from job where kind = 'notify'")).scalars()]
    assert ["expired" in job for job in jobs if late in job] == [True]


def test_the_friend_is_told_of_and_only_to_whoever_invited(shop: Shop):
    ada = enrol(shop, "ada@example.org").member_id
    cleo = friend(shop, "cleo@example.org", ada).member_id
    with transaction(shop.engine, writes=False) as session:
        jobs = [str(row) for row in session.execute(text("select arguments from job where kind = 'notify'")).scalars()]
    assert [ada in job for job in jobs if "friend_joined" in job] == [True]
    assert not any("Cleo" in job for job in jobs)
    assert cleo


def test_browsers_and_networks_are_forgotten_after_half_a_year(shop: Shop):
    ada = enrol(shop, "ada@example.org").member_id
    friend(shop, "cleo@example.org", ada, device="phone of cleo", address="192.0.2.7")
    run(shop.engine, lambda s: referrals.note_device(s, ada, "d" * 64, now=NOW), writes=True)
    seen = text("select (select count(*) from known_device), count(device_hash), count(block_hash) from joining")
    for days, kept in ((180, 1), (181, 0)):
        run(shop.engine, lambda s, at=NOW + days * DAY: referrals.forget_traces(s, now=at), writes=True)
        with transaction(shop.engine, writes=False) as session:
            assert tuple(session.execute(seen).one()) == (kept, kept, kept)
