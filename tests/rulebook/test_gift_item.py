from tests.rulebook.shop import GUEST, buy, discounts, line, rule, shop, skipped

POUCHES = rule({"type": "gift_item", "wallet": "gift_whiskas", "lines": {"sku": ["WHISKAS-85"]}})


def pouch(gross: int, **more: object) -> dict:
    return line(gross, sku="WHISKAS-85", **more)


def holding(units: int) -> dict:
    return {"id": "m", "balance": {"gift_whiskas": units}}


def test_as_many_as_the_wallet_holds_are_free():
    outcome = buy(shop(POUCHES), pouch(24_500, qty=7), member=holding(5))
    assert (outcome.discount, outcome.due, [gift.units for gift in outcome.gifts]) == (17_500, 7000, [5])


def test_units_not_taken_stay_in_the_wallet():
    outcome = buy(shop(POUCHES), pouch(10_500, qty=3), member=holding(5))
    assert (outcome.due, [gift.units for gift in outcome.gifts]) == (0, [3])


def test_several_lines_are_served_in_their_order():
    outcome = buy(shop(POUCHES), pouch(7000, qty=2), line(500), pouch(4000, qty=4), member=holding(3))
    assert [(gift.line, gift.units, gift.discount) for gift in outcome.gifts] == [(1, 2, 7000), (3, 1, 1000)]


def test_weighed_goods_are_given_by_whole_units():
    assert discounts(buy(shop(POUCHES), pouch(2500, qty=2.5), member=holding(5))) == [2000]


def test_two_rules_do_not_give_the_same_unit_twice():
    again = {**POUCHES, "id": "s"}
    assert discounts(buy(shop(POUCHES, again), pouch(2000, qty=2), member=holding(1))) == [1000]
    both = buy(shop(POUCHES, again), pouch(2000, qty=2), member=holding(9))
    assert sum(gift.units for gift in both.gifts) == 2


def test_gifts_come_before_discounts():
    half = rule({"type": "discount_percent", "rate_bp": 5000}, name="a", priority=1)
    outcome = buy(shop(half, POUCHES), pouch(2000, qty=2), member=holding(1))
    assert (outcome.gifts[0].discount, outcome.due) == (1000, 500)


def test_a_free_line_spends_no_unit_and_a_guest_has_no_wallet():
    assert buy(shop(POUCHES), pouch(0), member=holding(1)).gifts == ()
    assert skipped(buy(shop(POUCHES), pouch(100), member=GUEST)) == {"r": "no_member"}
