"""What a friend's purchases bring those above, and what a refund takes back; on both databases."""

from fractions import Fraction

from portal.db import run
from portal.members import operations as members
from tests.programme.referrals.inviting import WAITS, WELCOME, clicked, code, enrol, friend, invited, publish
from tests.programme.shop import BASE5, DAY, NOW, Shop, line


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
