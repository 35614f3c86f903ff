from tests.rulebook.shop import buy, line, rule, shop, skipped


def reward(**more: object) -> dict:
    return rule({"type": "accrue_fixed", "points": 300, **more})


def test_once_per_receipt_whatever_tender_paid_it():
    grant = buy(shop(reward()), line(10_000), line(5000), points_requested="max").grants[0]
    assert (grant.points, grant.fixed, grant.lines, grant.how) == (300, 300, {}, "fixed")


def test_a_matching_line_is_needed():
    assert buy(shop(reward(lines={"sku": ["A"]})), line(100, sku="B")).grants == ()
    assert buy(shop(reward(lines={"sku": ["A"]})), line(0, sku="A")).earned == {"ada": 300}


def test_a_blocked_line_does_not_count():
    block = rule({"type": "block", "what": ["accrual"], "lines": {"tag": ["yellow"]}}, name="b")
    outcome = buy(shop(reward(), block), line(100, tags=["yellow"]))
    assert (outcome.grants, skipped(outcome)) == ((), {"r": "blocked"})
    assert buy(shop(reward(), block), line(100, tags=["yellow"]), line(1)).earned == {"ada": 300}


def test_units_of_a_gift_wallet_are_no_points():
    outcome = buy(shop(reward(wallet="gift_whiskas")), line(100))
    assert (outcome.grants[0].wallet, outcome.grants[0].points, outcome.earned) == ("gift_whiskas", 300, {})
