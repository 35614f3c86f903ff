"""Rewards for bringing somebody: levels above the buyer, and the points that wait for a kept purchase."""

from fractions import Fraction

import pytest
from pydantic import ValidationError

from portal.rulebook.document import Rulebook, load_json
from portal.rulebook.linter import lint
from portal.rulebook.member_state import read_member_state
from portal.rulebook.receipt import read_receipt
from portal.rulebook.refunds import plan_refund
from tests.rulebook.shop import BEN, CLEO, NOON, buy, granted, line, rule, shop

LEVELS = rule(
    *({"type": "accrue_percent", "rate_bp": rate, "to": "referrer", "level": n} for n, rate in ((1, 100), (2, 50)))
)
BROUGHT = {"id": "emil", "referrer": "cleo", "referrers_above": ["ada"]}
WAITING = {"referral": {"referrer_points": 50, "kept_days": 14}}


def test_each_level_gets_its_own_share():
    outcome = buy(shop(LEVELS), line(1_000_000), member=BROUGHT)
    assert outcome.earned == {"cleo": 100, "ada": 50}
    assert granted(outcome) == {"r@referrer": 100, "r@referrer#2": 50}


def test_a_level_nobody_stands_on_earns_nothing():
    assert buy(shop(LEVELS), line(1_000_000), member=CLEO).earned == {"ada": 100}
    assert buy(shop(LEVELS), line(1_000_000), member=BEN).earned == {}


def test_whoever_left_keeps_nobody_above_from_earning():
    assert buy(shop(LEVELS), line(1_000_000), member={**BROUGHT, "referrer": None}).earned == {"ada": 50}


def test_levels_are_of_referrers():
    wrong = {"type": "accrue_percent", "rate_bp": 100, "to": "agent", "level": 2}
    with pytest.raises(ValidationError, match="`level` is of"):
        shop(rule(wrong))


def test_the_reward_comes_with_the_first_purchase_and_waits():
    first = {**CLEO, "purchases": 0}
    outcome = buy(shop(**WAITING), line(10_000), member=first)
    assert granted(outcome) == {"referral@referrer": 50}
    assert str(outcome.grants[0].release_at) == "2026-03-18 00:00:00+03:00"
    assert not buy(shop(**WAITING), line(10_000), member=CLEO).grants


def test_the_reward_can_ask_for_a_real_purchase():
    asking = shop(referral={**WAITING["referral"], "first_purchase_min": 50_000})
    first = {**CLEO, "purchases": 0}
    assert not buy(asking, line(49_999), member=first).grants
    assert buy(asking, line(50_000), member=first).earned == {"ada": 50}


def test_the_reward_goes_back_with_the_whole_purchase():
    rulebook, member = shop(**WAITING), {**CLEO, "purchases": 0}
    receipt = read_receipt({"at": NOON, "lines": [{"n": 1, "gross": 10_000}, {"n": 2, "gross": 10_000}]})
    outcome = buy(rulebook, line(10_000), line(10_000), member=member)
    state = read_member_state(member)
    half = plan_refund(rulebook, state, receipt, outcome, returned={}, returning={1: Fraction(1)})
    assert not half.reversals
    rest = plan_refund(rulebook, state, receipt, outcome, returned={1: Fraction(1)}, returning={2: Fraction(1)})
    assert rest.reversed == {"referral": 50}


def test_points_at_joining_need_no_rule():
    joined = shop(referral={"referrer_points": 50, "referrer_bonus_when": "joined"})
    assert joined.every_rule == ()


def test_the_rule_of_the_reward_keeps_its_name():
    document = {"currency": "RUB", "timezone": "Europe/Moscow", "rules": [{**LEVELS, "id": "referral"}], **WAITING}
    with pytest.raises(ValidationError, match="give the rule another id"):
        load_json(document)


SPLIT = {"type": "accrue_percent", "rate_bp": 500, "to": "agent"}


@pytest.mark.parametrize(
    ("rulebook", "path", "code"),
    [
        (shop(referral={"agent_splits": ["x"]}), "referral.agent_splits[0]", "unknown-split"),
        (
            shop(rule(SPLIT, when={"type": "segment", "in": ["y"]}), referral={"agent_splits": ["y", "x"]}),
            "referral.agent_splits[1]",
            "unknown-split",
        ),
        (
            shop(referral={"referrer_points": 50, "referrer_bonus_when": "joined"}),
            "referral.referrer_bonus_when",
            "reward-for-joining",
        ),
        (shop(referral={"referrer_points": 50, "kept_days": 0}), "referral.kept_days", "no-wait"),
        (
            shop(
                rule(
                    {"type": "accrue_fixed", "points": 5, "to": "referrer"},
                    when={"type": "all", "of": [{"type": "referred"}, {"type": "purchase_number", "to": 1}]},
                ),
                **WAITING,
            ),
            "rules.referral",
            "double-reward",
        ),
    ],
)
def test_what_cannot_be_kept_or_pays_twice_is_found(rulebook: Rulebook, path: str, code: str):
    assert (path, code) in {(each.path, each.code) for each in lint(rulebook)}


def test_a_sound_section_is_not_blamed():
    sound = shop(
        rule(SPLIT, when={"type": "segment", "in": ["y"]}), referral={"agent_splits": ["y"], **WAITING["referral"]}
    )
    assert not [each for each in lint(sound) if each.path.startswith("referral")]
