"""What members are given and can never use."""

from collections.abc import Iterator

from portal.rulebook.conditions.coupon import Coupon
from portal.rulebook.conditions.privilege import Privilege
from portal.rulebook.document import Rulebook
from portal.rulebook.effects import AccrualEffect
from portal.rulebook.effects.gift_item import GiftItem
from portal.rulebook.effects.issue_coupon import IssueCoupon
from portal.rulebook.effects.unlock import Unlock
from portal.rulebook.linter.dead_rules import dead_rules
from portal.rulebook.linter.facts import ShopFacts
from portal.rulebook.linter.findings import Finding, conditions_of, effects_of, warning
from portal.rulebook.points import POINTS


def useless_perks(rulebook: Rulebook, facts: ShopFacts) -> Iterator[Finding]:
    """Warn of gifts no rule gives out, of coupons and privileges that only dead rules, or none, take."""
    dead = {finding.path for finding in dead_rules(rulebook, facts)}
    living = [rule for rule in rulebook.rules if f"rules.{rule.id}" not in dead]
    asked = [condition for rule in living for _, condition in conditions_of(rule)]
    privileges = {each.id for each in asked if isinstance(each, Privilege)}
    coupons = {each.template for each in asked if isinstance(each, Coupon)}
    given_out = {effect.wallet for rule in living for effect in rule.effects if isinstance(effect, GiftItem)}
    for _rule, path, effect in effects_of(rulebook):
        if isinstance(effect, Unlock) and effect.privilege not in privileges:
            yield _useless(path, f"the privilege {effect.privilege!r}")
        if isinstance(effect, IssueCoupon) and effect.template not in coupons:
            yield _useless(path, f"the coupon {effect.template!r}")
        if isinstance(effect, AccrualEffect) and _is_gift(effect.wallet, rulebook) and effect.wallet not in given_out:
            yield _useless(path, f"gifts of {effect.wallet!r}")


def _is_gift(wallet: str, rulebook: Rulebook) -> bool:
    return wallet != POINTS and rulebook.wallet(wallet).kind == "gift"


def _useless(path: str, what: str) -> Finding:
    return warning(path, "useless-perk", f"It gives {what}, which no rule that can work ever takes.")


CHECKS = (useless_perks,)
