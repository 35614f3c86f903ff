"""Nobody corrects the own card: not as one of the staff, not with a key, not as the second person."""

import pytest

from portal.db import run
from portal.errors import Refused
from portal.ids import new_id
from portal.programme.adjust_points import Correction, adjust_points, ask_for_adjustment
from portal.programme.decide_adjustment import confirm_adjustment, reject_adjustment
from portal.staff import operations as staff
from portal.staff.operations import NewStaff
from portal.staff.roles import ROLES, Role
from tests.programme.shop import NOW, Shop


def take_on(shop: Shop, name: str, card: str | None = None, role: Role = "manager") -> str:
    new = NewStaff(name=name, role=role, pin="8205", own_member_id=card)
    return run(shop.engine, lambda session: staff.add_staff(session, new, now=NOW), writes=True)


def key_of(shop: Shop, holder: str | None) -> str:
    made = run(
        shop.engine,
        lambda session: staff.make_key(session, name="office", scopes=("crm",), holder_id=holder, now=NOW),
        writes=True,
    )
    return f"key:{made.id}"


def adjust(shop: Shop, member_id: str, points: int, *, operator: str, how=adjust_points):
    correction = Correction(id=new_id(NOW), member_id=member_id, points=points, reason="goodwill", comment="sorry")
    command = shop.command(operator=operator)
    return run(shop.engine, lambda session: how(session, correction, command=command), writes=True)


def decide(shop: Shop, adjustment_id: str, *, operator: str, how=confirm_adjustment):
    command = shop.command(operator=operator)
    return run(shop.engine, lambda session: how(session, adjustment_id, command=command), writes=True)


@pytest.mark.parametrize("role", ROLES)
def test_no_one_corrects_the_own_card(shop: Shop, role: Role):
    card = shop.join("mira@example.org")
    mira = take_on(shop, "Mira", card, role)
    for operator in (f"staff:{mira}", key_of(shop, mira)):
        for how in (adjust_points, ask_for_adjustment):
            with pytest.raises(Refused, match="own card"):
                adjust(shop, card, 1, operator=operator, how=how)
    assert shop.available(card) == 0


def test_a_card_of_the_staff_takes_two_whatever_the_sum(shop: Shop):
    card = shop.join("mira@example.org")
    mira, olga = take_on(shop, "Mira", card), take_on(shop, "Olga")
    asked = adjust(shop, card, 1, operator=key_of(shop, None))
    assert (asked.state, shop.available(card)) == ("waiting", 0)
    for how in (confirm_adjustment, reject_adjustment):
        with pytest.raises(Refused, match="own card"):
            decide(shop, asked.id, operator=f"staff:{mira}", how=how)
    assert decide(shop, asked.id, operator=f"staff:{olga}").state == "posted"
    assert shop.available(card) == 1
    assert shop.broken() == []


def test_one_person_is_not_two_with_a_key(shop: Shop):
    ada = shop.join("ada@example.org")
    mira, olga = take_on(shop, "Mira"), take_on(shop, "Olga")
    asked = adjust(shop, ada, 1000, operator=key_of(shop, mira))
    with pytest.raises(Refused, match="Somebody else"):
        decide(shop, asked.id, operator=f"staff:{mira}")
    assert decide(shop, asked.id, operator=key_of(shop, olga)).state == "posted"


def test_a_cashier_asks_and_waits_however_little_it_is(shop: Shop):
    ada, tim, olga = shop.join("ada@example.org"), take_on(shop, "Tim"), take_on(shop, "Olga")
    asked = adjust(shop, ada, 1, operator=f"staff:{tim}", how=ask_for_adjustment)
    assert (asked.state, shop.available(ada)) == ("waiting", 0)
    assert decide(shop, asked.id, operator=f"staff:{olga}").balance.available == 1
