from fractions import Fraction

from tests.rulebook.shop import CLEO, buy, granted, line, rule, shop, skipped

BASE = rule({"type": "accrue_percent", "rate_bp": 500}, name="base5", priority=10)


def times(factor_bp: int, *rules: str, name: str = "x2", **more: object) -> dict:
    effect = {"type": "multiply", "factor_bp": factor_bp, "rules": list(rules or ("base5",))}
    return rule(effect, name=name, priority=20, **more)


def test_the_extra_is_a_grant_of_its_own():
    grants = buy(shop(BASE, times(20_000)), line(150_000)).grants
    assert [(grant.rule, grant.points) for grant in grants] == [("base5", 75), ("x2", 75)]
    assert (grants[1].factor_bp, grants[1].multiplies, grants[1].how) == (20_000, ("base5",), "multiply")


def test_the_exact_value_is_multiplied_even_when_the_base_rounds_to_nothing():
    outcome = buy(shop(BASE, times(30_000)), line(1999))
    assert granted(outcome) == {"x2": 1}
    assert outcome.grants[0].exact == Fraction(1999, 1000)


def test_what_a_cap_cut_is_still_multiplied_in_full():
    capped = {**BASE, "caps": [{"scope": "receipt", "max_points": 10}]}
    assert granted(buy(shop(capped, times(20_000)), line(100_000))) == {"base5": 10, "x2": 50}


def test_its_own_cap_cuts_the_extra():
    capped = times(20_000, caps=[{"scope": "receipt", "max_points": 7}])
    grant = buy(shop(BASE, capped), line(100_000)).grants[1]
    assert (grant.points, grant.desired, grant.capped_by, sum(grant.lines.values())) == (7, 50, "receipt", 7)


def test_only_the_largest_works_unless_they_are_added():
    rules = [BASE, times(20_000), times(30_000, name="x3")]
    best = buy(shop(*rules), line(100_000))
    assert (granted(best), skipped(best)) == ({"base5": 50, "x3": 100}, {"x2": "smaller_multiplier"})
    added = buy(shop(*rules, multiplier_mode="add"), line(100_000))
    assert (granted(added), skipped(added)) == ({"base5": 50, "x2": 50, "x3": 100}, {})


def test_a_larger_factor_of_nothing_is_out_of_the_race():
    outcome = buy(shop(BASE, times(20_000), times(30_000, "other", name="x3")), line(100_000))
    assert (granted(outcome), skipped(outcome)) == ({"base5": 50, "x2": 50}, {})


def test_only_the_members_points_are_multiplied():
    friend = rule({"type": "accrue_percent", "rate_bp": 100, "to": "referrer"}, name="friend")
    outcome = buy(shop(BASE, friend, times(20_000, "base5", "friend")), line(100_000), member=CLEO)
    assert outcome.earned == {"cleo": 100, "ada": 10}


def test_several_rules_are_multiplied_together_and_rounded_once():
    second = rule({"type": "accrue_percent", "rate_bp": 200}, name="two")
    outcome = buy(shop(BASE, second, times(15_000, "base5", "two")), line(199_900))
    assert granted(outcome) == {"base5": 99, "two": 39, "x2": 69}


def test_fixed_points_stay_fixed_when_multiplied():
    fixed = rule({"type": "accrue_fixed", "points": 100}, name="fix")
    grant = buy(shop(fixed, times(15_000, "fix")), line(100)).grants[1]
    assert (grant.points, grant.fixed, grant.lines) == (50, 50, {})
