"""The shop's links, chosen codes and friends who came over from elsewhere; on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from portal.db import run, transaction
from portal.members.lookup import by_id
from portal.members.queries import find_person
from portal.members.queries.references import ids_by_reference
from portal.programme.came_by import CameBy, UnknownInvite
from portal.programme.erase_member import erase_member
from portal.programme.import_members import import_members
from portal.referrals import operations as referrals
from portal.referrals.queries import decisions_by_link, find_invitation
from tests.programme.referrals.inviting import WELCOME, clicked, code, enrol, invited, link, publish
from tests.programme.shop import BASE5, DAY, NOW, SECRET, Shop, line


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


@pytest.mark.parametrize("owner_kind", ["agent", "member"])
def test_a_persons_link_makes_them_the_agent_or_the_referrer(shop: Shop, owner_kind: str):
    owner = enrol(shop, "designer@example.org").member_id
    link(shop, slug="studio", owner_kind=owner_kind, owner_id=owner)
    peter = enrol(shop, "peter@example.org", clicked("studio")).member_id
    with transaction(shop.engine, writes=False) as session:
        person = find_person(session, by_id(peter))
    assert person is not None
    expected = (owner, None) if owner_kind == "agent" else (None, owner)
    assert (person.agent_id, person.referrer_id, person.referred_by) == (*expected, "link:studio")


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
