from tests.rulebook.shop import buy, discounts, line, rule, shop, skipped

BASE = rule({"type": "accrue_percent", "rate_bp": 500}, name="base5", priority=10)
ALL10 = rule({"type": "discount_percent", "rate_bp": 1000}, name="all10", priority=5)


def block(*what: str, name: str = "legal", priority: int = 1, **more: object) -> dict:
    return rule({"type": "block", "what": list(what), **more}, name=name, priority=priority)


TOBACCO = {"category": ["tobacco"]}


def test_blocked_lines_take_no_discount_no_points_either_way():
    rulebook = shop(BASE, ALL10, block("accrual", "redemption", "discount", lines=TOBACCO))
    outcome = buy(rulebook, line(20_000, category="tobacco/cig"), line(100_000), points_requested=500)
    assert [(each.discount, each.points, each.paid) for each in outcome.lines] == [
        (0, 0, 20_000),
        (10_000, 500, 40_000),
    ]
    assert outcome.earned == {"ada": 20}


def test_a_rules_own_discount_works_on_the_lines_it_blocks():
    yellow = rule(
        {"type": "discount_percent", "rate_bp": 3000, "lines": {"tag": ["yellow"]}},
        {"type": "block", "what": ["discount"], "lines": {"tag": ["yellow"]}},
        name="yellow",
    )
    assert discounts(buy(shop(ALL10, yellow), line(10_000, tags=["yellow"]), line(10_000))) == [3000, 1000]


def test_the_first_blocking_rule_owns_a_line():
    mine = rule(
        {"type": "discount_percent", "rate_bp": 3000}, {"type": "block", "what": ["discount"]}, name="mine", priority=2
    )
    outcome = buy(shop(mine, block("discount", lines=TOBACCO)), line(1000, category="tobacco"), line(1000))
    assert discounts(outcome) == [0, 300]


def test_a_block_works_whatever_its_place_in_the_order():
    assert buy(shop(ALL10, block("discount", priority=999)), line(1000)).discount == 0


def test_a_rule_that_finds_only_blocked_lines_is_told_who_blocks():
    rulebook = shop(BASE, ALL10, block("accrual", "discount", lines=TOBACCO))
    outcome = buy(rulebook, line(1000, category="tobacco"))
    assert skipped(outcome) == {"base5": "blocked", "all10": "blocked"}
    assert {each.facts["by"] for each in outcome.skipped} == {"legal"}


def test_a_block_whose_condition_fails_blocks_nothing():
    web = {**block("discount"), "when": {"type": "channel", "in": ["web"]}}
    assert buy(shop(ALL10, web), line(1000), channel="store").discount == 100
