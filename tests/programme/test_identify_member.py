"""Who stands at the till: what each way of showing the card proves, and what a till is told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.db import run
from portal.errors import Refused
from portal.members import operations as members
from portal.members import queries
from portal.members.lookup import by_code, by_id, by_phone
from portal.members.rotating_code import MAX_BAD_MACS, draw_code, window_at
from portal.programme.identify_member import IdentifiedAnswer, identify_member
from tests.programme.shop import BASE5, DAY, NOW, Shop, rulebook

PHONE = "+7 912 345-67-89"


@pytest.fixture
def ada(shop: Shop) -> str:
    return shop.join(PHONE)


@pytest.fixture
def code(shop: Shop, ada: str) -> str:
    """Give the code on Ada's phone at this moment."""

    def draw(session) -> str:
        signed_in = members.open_session(session, ada, user_agent="", now=NOW)
        device = queries.find_card_device(session, signed_in.id)
        number = queries.find_person(session, by_id(ada)).card_number
        return draw_code(number, key=device.key, window=window_at(NOW))

    return run(shop.engine, draw, writes=True)


def identify(shop: Shop, lookup, *, till: str = "key:till-1", key: str = "", now=NOW) -> IdentifiedAnswer | Refused:
    command = replace(shop.command(), client=till, key=key, now=now)
    return run(shop.engine, lambda session: identify_member(session, lookup, command=command), writes=True)


def test_the_rotating_code_may_spend_at_one_till(shop, ada, code):
    shop.give(ada, 300)
    answer = identify(shop, by_code(code))
    assert (answer.member_id, answer.first_name, answer.verified) == (ada, "Ada", "rotating")
    assert answer.balance.available == 300
    other = identify(shop, by_code(code), till="key:till-2")
    assert (other.verified, other.proof) == ("static", "used")


def test_a_code_is_scanned_once_and_its_lost_answer_told_again(shop, ada, code):
    first, again, second = (identify(shop, by_code(code), key=key) for key in ("scan 1", "scan 1", "scan 2"))
    assert [answer.verified for answer in (first, again, second)] == ["rotating", "rotating", "static"]


def test_a_code_of_ninety_seconds_ago_only_earns(shop, ada, code):
    late = identify(shop, by_code(code), now=NOW + timedelta(seconds=90))
    assert (late.verified, late.proof) == ("static", "expired")


def test_the_number_and_the_phone_only_earn(shop, ada, code):
    assert identify(shop, by_code(code[1:11])).verified == "static"
    assert identify(shop, by_phone(PHONE)).verified == "static"


def test_forged_codes_are_refused_and_remembered(shop, code):
    forged = code[:-1] + str((int(code[-1]) + 1) % 10)
    assert [identify(shop, by_code(forged)).code for _ in range(MAX_BAD_MACS)] == ["code-forged"] * MAX_BAD_MACS
    assert identify(shop, by_code(code)).verified == "static"


def test_the_gifts_that_a_till_may_give_are_told(shop, ada):
    wallets = [{"id": name, "kind": "gift", "title": name.title()} for name in ("pouches", "toys")]
    shop.publish(rulebook(BASE5, version=2, wallets=[{"id": "points"}, *wallets]), effective_from=NOW, now=NOW)
    shop.give(ada, 300)
    shop.give(ada, 5, wallet="pouches")
    shop.give(ada, 3, wallet="toys", days=1)  # has run out
    gifts = identify(shop, by_phone(PHONE)).gifts_due
    assert [(each.wallet, each.title, each.units) for each in gifts] == [("pouches", "Pouches", 5)]


def test_what_the_rules_name_no_more_is_told_by_its_id(shop, ada):
    opens = {"id": "open", "effects": [{"type": "unlock", "privilege": "aqua", "valid_days": 30}]}
    gone = rulebook(BASE5, opens, version=2, privileges=[{"id": "aqua"}], wallets=[{"id": "toys", "kind": "gift"}])
    shop.publish(gone, effective_from=NOW, now=NOW)
    shop.buy(ada)
    shop.give(ada, 3, wallet="toys")
    shop.publish(rulebook(BASE5, version=3), effective_from=NOW + DAY, now=NOW)
    answer = identify(shop, by_phone(PHONE), now=NOW + DAY)
    assert [(each.wallet, each.title, each.units) for each in answer.gifts_due] == [("toys", "toys", 3)]
    assert [(each.id, each.title) for each in answer.offers] == [("aqua", "aqua")]
