from tests.rulebook.shop import CLEO, buy, discounts, granted, line, rule, shop, skipped


def off(rate_bp: int, name: str, **more: object) -> dict:
    return rule({"type": "discount_percent", "rate_bp": rate_bp}, name=name, **more)


def earn(rate_bp: int, name: str, **more: object) -> dict:
    return rule({"type": "accrue_percent", "rate_bp": rate_bp}, name=name, **more)


def group(mode: str, *rules: dict, **settings: object):
    return shop(*({**each, "group": "g"} for each in rules), groups=[{"id": "g", "mode": mode}], **settings)


def test_the_first_that_matches_wins_with_all_its_effects():
    first = rule(
        {"type": "discount_percent", "rate_bp": 100}, {"type": "accrue_fixed", "points": 1}, name="a", priority=1
    )
    second = rule(
        {"type": "discount_percent", "rate_bp": 900}, {"type": "accrue_fixed", "points": 9}, name="b", priority=2
    )
    outcome = buy(group("first", first, second), line(10_000))
    assert (outcome.discount, granted(outcome), skipped(outcome)) == (100, {"a": 1}, {"b": "group:g"})
    assert outcome.skipped[0].facts["winner"] == "a"


def test_a_rule_that_does_not_match_lets_the_next_one_win():
    first = off(100, "a", priority=1, when={"type": "channel", "in": ["web"]})
    outcome = buy(group("first", first, off(900, "b")), line(10_000), channel="store")
    assert (outcome.discount, skipped(outcome)) == (900, {"a": "channel"})


def test_a_used_up_rule_lets_the_next_one_win():
    first = off(100, "a", priority=1, caps=[{"scope": "member_total", "max_uses": 1}])
    member = {"id": "m", "usage": {"a": {"member_total": 1}}}
    outcome = buy(group("first", first, off(900, "b")), line(10_000), member=member)
    assert (outcome.discount, skipped(outcome)) == (900, {"a": "cap:member_total"})


def test_equal_priorities_go_by_id():
    assert buy(group("first", off(900, "b"), off(100, "a")), line(10_000)).discount == 100


def test_what_waits_for_discounts_gives_way_to_an_earlier_round():
    net = earn(900, "a", priority=1, when={"type": "receipt_total", "min": 1, "basis": "net"})
    outcome = buy(group("first", net, earn(100, "b", priority=2)), line(10_000))
    assert (granted(outcome), skipped(outcome)) == ({"b": 1}, {"a": "group:g"})


def test_the_best_discount_wins_on_the_bill_as_it_is():
    fixed = rule({"type": "discount_fixed", "amount": 700}, name="fixed")
    assert buy(group("best", off(1000, "a"), fixed), line(10_000)).discount == 1000
    outcome = buy(group("best", off(1000, "a"), fixed), line(5000))
    assert (outcome.discount, skipped(outcome)) == (700, {"a": "group:g"})


def test_earlier_discounts_change_which_is_best():
    half = off(5000, "half", priority=1)
    rulebook = shop(
        half,
        {**off(1000, "a", priority=2), "group": "g"},
        {**rule({"type": "discount_fixed", "amount": 700}, name="b", priority=3), "group": "g"},
        groups=[{"id": "g", "mode": "best"}],
    )
    assert discounts(buy(rulebook, line(10_000))) == [5700]


def test_equals_go_to_the_earlier_rule():
    outcome = buy(group("best", off(1000, "b", priority=1), off(1000, "a", priority=2)), line(10_000))
    assert skipped(outcome) == {"a": "group:g"}


def test_the_best_discount_is_told_after_its_cap():
    capped = off(5000, "a", caps=[{"scope": "receipt", "max_minor": 100}])
    assert buy(group("best", capped, off(200, "b")), line(10_000)).discount == 200


def test_a_loser_opens_nothing_and_consumes_nothing():
    loser = rule(
        {"type": "discount_percent", "rate_bp": 100}, {"type": "unlock", "privilege": "p", "valid_days": 1},
        name="a", consumes="q",
    )  # fmt: skip
    outcome = buy(group("best", loser, off(900, "b")), line(10_000), member={"id": "m", "privileges": [{"id": "q"}]})
    assert (outcome.unlocked, outcome.consumed) == ((), ())


def test_the_most_points_win_among_accruals():
    fixed = rule({"type": "accrue_fixed", "points": 60}, name="fixed")
    outcome = buy(group("best", earn(500, "a"), fixed), line(100_000))
    assert (granted(outcome), skipped(outcome)) == ({"fixed": 60}, {"a": "group:g"})
    assert granted(buy(group("best", earn(500, "a"), fixed), line(200_000))) == {"a": 100}


def test_a_loser_is_not_multiplied():
    double = rule({"type": "multiply", "factor_bp": 20_000, "rules": ["a", "fixed"]}, name="x2")
    fixed = rule({"type": "accrue_fixed", "points": 60}, name="fixed")
    rulebook = shop(
        *({**each, "group": "g"} for each in (earn(500, "a"), fixed)), double, groups=[{"id": "g", "mode": "best"}]
    )
    assert granted(buy(rulebook, line(100_000))) == {"fixed": 60, "x2": 60}


def test_a_rule_whose_beneficiary_is_missing_cannot_be_the_best():
    agent = rule({"type": "accrue_fixed", "points": 500, "to": "agent"}, name="a")
    assert granted(buy(group("best", agent, earn(500, "b")), line(10_000), member={"id": "m"})) == {"b": 5}
    assert granted(buy(group("best", agent, earn(500, "b")), line(10_000), member=CLEO)) == {"a@agent": 500}


def test_all_exclude_nobody():
    assert buy(group("all", off(1000, "a"), off(1000, "b")), line(10_000)).discount == 1900


def test_added_multipliers_of_a_best_group_keep_one():
    base = earn(500, "base5", priority=1)
    two, three = (
        rule({"type": "multiply", "factor_bp": factor, "rules": ["base5"]}, name=name, group="g")
        for factor, name in ((20_000, "x2"), (30_000, "x3"))
    )
    rulebook = shop(base, two, three, groups=[{"id": "g", "mode": "best"}], multiplier_mode="add")
    outcome = buy(rulebook, line(100_000))
    assert (granted(outcome), skipped(outcome)) == ({"base5": 50, "x3": 100}, {"x2": "group:g"})
