"""Who counts as brought, and what an invitation gives to both sides; on both databases."""

from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import Engine, text

from portal.db import run, transaction
from portal.members import operations as members
from portal.members.contacts import read_contact
from portal.members.lookup import by_id
from portal.members.operations import Newcomer
from portal.members.queries import find_person
from portal.members.queries.references import ids_by_reference
from portal.programme.came_by import NOTHING, CameBy, Click, UnknownInvite
from portal.programme.enrol_member import EnrolAnswer, Joining, enrol_member
from portal.programme.erase_member import erase_member
from portal.programme.import_members import import_members
from portal.programme.invite_friends import Invited, invitation_of
from portal.referrals import operations as referrals
from portal.referrals.link import Link, LinkTerms
from portal.referrals.queries import decisions_by_link, find_invitation, reviews
from tests.programme.shop import BASE5, DAY, NOW, SECRET, Shop, line, rulebook

WELCOME = {"points": 300, "valid": {"type": "days", "n": 60}}
WAITS = {"referrer_points": 50, "referee_points": 500, "kept_days": 14, "monthly_limit": 3}
AT_ONCE = {**WAITS, "referrer_bonus_when": "joined"}
LEVELS = {
    "id": "levels",
    "effects": [
        {"type": "accrue_percent", "rate_bp": 100, "to": "referrer"},
        {"type": "accrue_percent", "rate_bp": 50, "to": "referrer", "level": 2},
        {"type": "accrue_percent", "rate_bp": 25, "to": "referrer", "level": 3},
    ],
}


@pytest.fixture
def shop(engine: Engine) -> Shop:
    shop = Shop(engine)
    shop.publish(rulebook(BASE5, LEVELS, welcome=WELCOME, referral=AT_ONCE))
    return shop


@pytest.fixture(autouse=True)
def _clean(engine: Engine):
    yield
    assert Shop(engine).broken() == []


def enrol(shop: Shop, contact: str, came_by: CameBy = NOTHING, *, at: datetime = NOW) -> EnrolAnswer:
    newcomer = Newcomer((read_contact(contact),), contact.partition("@")[0].title(), "en", verified=True)
    joining = Joining(granted=["programme"], language="en", source="join", proof=None, at=at, came_by=came_by)
    return run(shop.engine, lambda s: enrol_member(s, newcomer, joining, secret=SECRET, now=at), writes=True)


def code(shop: Shop, member_id: str) -> str:
    return run(shop.engine, lambda s: referrals.own_code(s, member_id, now=NOW), writes=True)


def publish(shop: Shop, *rules: dict[str, Any], **settings: Any) -> None:
    shop.publish(rulebook(*rules, version=2, **settings), effective_from=NOW - DAY, now=NOW - DAY)


def friend(shop: Shop, contact: str, of: str, **about: Any) -> EnrolAnswer:
    at = about.pop("at", NOW)
    return enrol(shop, contact, CameBy(code=code(shop, of), **about), at=at)


def link(shop: Shop, **terms: Any) -> Link:
    told = LinkTerms(**{"slug": "fitmaster", "title": "Trainer", "owner_kind": "partner", **terms})
    return run(shop.engine, lambda s: referrals.make_link(s, told, now=NOW), writes=True)


def clicked(slug: str, *, at: datetime = NOW) -> CameBy:
    return CameBy(first=Click(slug, at), last=Click(slug, at))


def invited(shop: Shop, member_id: str, *, at: datetime = NOW) -> Invited:
    with transaction(shop.engine, writes=False) as session:
        return invitation_of(session, member_id, now=at)


# --- a friend's code -------------------------------------------------------------------------------------------------


def test_both_are_rewarded_at_once_where_the_rules_say_so(shop: Shop):
    ada = enrol(shop, "ada@example.org").member_id
    cleo = friend(shop, "cleo@example.org", ada)
    assert (cleo.invite, cleo.welcome and cleo.welcome.points) == ("ok", 500)
    assert shop.available(ada) == 350
    told = invited(shop, ada)
    assert (told.joined, told.bought, told.points) == (1, 0, 50)
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


# --- purchases --------------------------------------------------------------------------------------------------------


def test_a_reward_that_waits_comes_and_goes_with_the_first_purchase(shop: Shop):
    publish(shop, BASE5, welcome=WELCOME, referral=WAITS)
    ada = enrol(shop, "ada@example.org").member_id
    cleo = friend(shop, "cleo@example.org", ada).member_id
    first = shop.buy(cleo, line(1, 60000), line(2, 40000))
    assert first.earned == {cleo: 50, ada: 50}
    assert invited(shop, ada).points_for_joining == 50
    assert shop.available(ada) == 300
    shop.refund(first.receipt_id, {1: Fraction(1)})
    assert invited(shop, ada).points_for_joining == 50
    shop.refund(first.receipt_id, {2: Fraction(1)})
    assert (invited(shop, ada).points_for_joining, invited(shop, ada).bought) == (0, 0)
    shop.buy(cleo, at=NOW + DAY)
    shop.buy(cleo, at=NOW + 2 * DAY)
    assert (shop.available(ada, at=NOW + 14 * DAY), shop.available(ada, at=NOW + 15 * DAY)) == (300, 350)
    assert (invited(shop, ada).bought, invited(shop, ada).bought_again) == (1, 1)


def test_a_refund_after_the_wait_takes_the_reward_back(shop: Shop):
    publish(shop, BASE5, welcome=WELCOME, referral=WAITS)
    ada = enrol(shop, "ada@example.org").member_id
    cleo = friend(shop, "cleo@example.org", ada).member_id
    first = shop.buy(cleo)
    assert shop.available(ada, at=NOW + 20 * DAY) == 350
    shop.refund(first.receipt_id, {1: Fraction(1)}, at=NOW + 20 * DAY)
    assert shop.available(ada, at=NOW + 20 * DAY) == 300


def test_three_levels_earn_and_lose_together(shop: Shop):
    ada = enrol(shop, "ada@example.org").member_id
    ben = friend(shop, "ben@example.org", ada).member_id
    cleo = friend(shop, "cleo@example.org", ben).member_id
    emil = friend(shop, "emil@example.org", cleo).member_id
    before = {who: shop.available(who) for who in (ada, ben, cleo, emil)}
    bought = shop.buy(emil, line(1, 1_000_000))
    assert bought.earned == {emil: 500, cleo: 100, ben: 50, ada: 25}
    assert [shop.available(who) - before[who] for who in (ada, ben, cleo)] == [25, 50, 100]
    assert invited(shop, ada).below == (1, 1)
    shop.refund(bought.receipt_id, {1: Fraction(1)})
    assert {who: shop.available(who) for who in before} == before


def test_whoever_left_earns_nothing_and_those_above_still_do(shop: Shop):
    ada = enrol(shop, "ada@example.org").member_id
    ben = friend(shop, "ben@example.org", ada).member_id
    cleo = friend(shop, "cleo@example.org", ben).member_id
    run(shop.engine, lambda s: members.leave(s, ben, source="profile", now=NOW), writes=True)
    assert shop.buy(cleo, line(1, 1_000_000)).earned == {cleo: 500, ada: 50}
    assert enrol(shop, "emil@example.org", clicked(code(shop, ben))).invite is None


# --- the shop's links -------------------------------------------------------------------------------------------------


def test_a_link_opens_what_it_promises(shop: Shop):
    rules = (
        BASE5,
        {
            "id": "fit20", "when": {"type": "referred", "by": ["link:fitmaster"]},
            "effects": [{"type": "discount_percent", "rate_bp": 2000}],
        },
        {
            "id": "trial", "consumes": "trial", "when": {"type": "privilege", "id": "trial"},
            "effects": [{"type": "accrue_fixed", "points": 7}],
        },
    )  # fmt: skip
    publish(shop, *rules, welcome=WELCOME, privileges=[{"id": "trial"}])
    made = link(shop, welcome_points=123, segment="sport", privilege="trial", privilege_days=30)
    cleo = enrol(shop, "cleo@example.org", clicked("fitmaster"))
    assert (cleo.invite, cleo.welcome and cleo.welcome.points) == ("ok", 123)
    bought = shop.buy(cleo.member_id, line(1, 100000))
    assert (bought.discount, bought.earned) == (20000, {cleo.member_id: 40 + 7})
    with transaction(shop.engine, writes=False) as session:
        assert decisions_by_link(session) == {made.id: {"ok": 1}}
        assert session.scalar(text("select segment from segment_assignment")) == "sport"


def test_a_link_has_a_window_and_a_limit(shop: Shop):
    link(shop, opens_at=NOW, closes_at=NOW + DAY, join_limit=2)
    early = enrol(shop, "early@example.org", clicked("fitmaster", at=NOW - timedelta(hours=1)))
    found = [enrol(shop, f"m{n}@example.org", clicked("fitmaster")).invite for n in range(3)]
    late = enrol(shop, "late@example.org", clicked("fitmaster", at=NOW + DAY), at=NOW + DAY)
    assert (early.invite, found, late.invite) == ("expired", ["ok", "ok", "limit"], "expired")


def test_an_agents_link_gives_newcomers_an_agent(shop: Shop):
    designer = enrol(shop, "designer@example.org").member_id
    link(shop, slug="studio", owner_kind="agent", owner_id=designer)
    peter = enrol(shop, "peter@example.org", clicked("studio")).member_id
    with transaction(shop.engine, writes=False) as session:
        person = find_person(session, by_id(peter))
    assert person is not None
    assert (person.agent_id, person.referrer_id, person.referred_by) == (designer, None, "link:studio")


def test_a_chosen_code_leads_to_its_member_and_so_does_the_first(shop: Shop):
    ada = enrol(shop, "ada@example.org").member_id
    first = code(shop, ada)
    run(shop.engine, lambda s: referrals.choose_code(s, ada, "lola 26", now=NOW), writes=True)
    with transaction(shop.engine, writes=False) as session:
        places = {
            found.place
            for text_ in (first, "LOLA26", "l01a26")
            if (found := find_invitation(session, text_)) is not None
        }
    assert places == {ada}
    with pytest.raises(referrals.CodeChosenBefore):
        run(shop.engine, lambda s: referrals.choose_code(s, ada, "again26", now=NOW), writes=True)
    ben = enrol(shop, "ben@example.org").member_id
    with pytest.raises(referrals.CodeTaken):
        run(shop.engine, lambda s: referrals.choose_code(s, ben, "LOLA26", now=NOW), writes=True)


def test_an_erased_member_invites_nobody(shop: Shop):
    ada = enrol(shop, "ada@example.org").member_id
    shown = code(shop, ada)
    run(shop.engine, lambda s: erase_member(s, ada, secret=SECRET, now=NOW), writes=True)
    with pytest.raises(UnknownInvite):
        enrol(shop, "cleo@example.org", CameBy(code=shown))


def test_friends_of_another_programme_come_over_with_their_referrer(shop: Shop):
    told = {"name": "A", "joined_at": "2026-02-01T12:00:00+03:00", "language": "en"}
    rows = [
        {**told, "member": "1", "email": "ada@example.org"},
        {**told, "member": "2", "email": "cleo@example.org", "referrer": "1"},
        {**told, "member": "3", "email": "emil@example.org", "referrer": "2"},
    ]
    run(shop.engine, lambda session: import_members(session, rows, now=NOW), writes=True)
    with transaction(shop.engine, writes=False) as session:
        ids = ids_by_reference(session, ["1", "2", "3"])
    assert (invited(shop, ids["1"]).joined, invited(shop, ids["1"]).below) == (1, (1, 0))
    assert shop.buy(ids["3"], line(1, 1_000_000)).earned == {ids["3"]: 500, ids["2"]: 100, ids["1"]: 50}
