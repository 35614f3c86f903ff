"""One event that is rewarded twice, by rules that do not know of each other (product.md, the linter)."""

from collections.abc import Iterator
from itertools import combinations

from portal.rulebook.conditions import BaseCondition
from portal.rulebook.conditions.birthday import Birthday
from portal.rulebook.conditions.coupon import Coupon
from portal.rulebook.conditions.privilege import Privilege
from portal.rulebook.conditions.purchase_number import PurchaseNumber
from portal.rulebook.document import Rule, Rulebook
from portal.rulebook.effects.accrue_fixed import AccrueFixed
from portal.rulebook.linter.facts import ShopFacts
from portal.rulebook.linter.findings import Finding, required_of, warning


def double_rewards(rulebook: Rulebook, _: ShopFacts) -> Iterator[Finding]:
    """Warn of two fixed rewards for one event, into one wallet of one beneficiary, unless their group chooses."""
    choosing = {group.id for group in rulebook.groups if group.mode != "all"}
    every = rulebook.every_rule  # the reward for bringing somebody is one of them
    rewards = [(rule, effect) for rule in every for effect in rule.effects if isinstance(effect, AccrueFixed)]
    for (one, gives), (other, gives_too) in combinations(rewards, 2):
        apart = one.id == other.id or (one.group == other.group and one.group in choosing)
        same = (gives.to, gives.level, gives.wallet) == (gives_too.to, gives_too.level, gives_too.wallet)
        if same and not apart and (event := next(iter(_events(one) & _events(other)), None)):
            text = f"{one.id!r} rewards {event} too; put both into a group that chooses, or give once."
            yield warning(f"rules.{other.id}", "double-reward", text)


def double_welcome(rulebook: Rulebook, _: ShopFacts) -> Iterator[Finding]:
    """Warn of a fixed reward for the first purchase beside one for joining: newcomers are paid twice for coming."""
    joined = rulebook.welcome or (rulebook.referral and rulebook.referral.referee_points)
    for rule in rulebook.rules if joined else ():
        gives = any(isinstance(each, AccrueFixed) and each.to == "member" for each in rule.effects)
        if gives and "purchase 1" in _events(rule):
            text = "It rewards the first purchase, and joining is rewarded already."
            yield warning(f"rules.{rule.id}", "double-welcome", text)


def _events(rule: Rule) -> set[str]:
    return {event for condition in required_of(rule) if (event := _event(condition))}


def _event(condition: BaseCondition) -> str | None:
    """Say which single event a condition stands for, if it does."""
    if isinstance(condition, Birthday):
        return "the birthday"
    if isinstance(condition, PurchaseNumber) and (condition.from_ or 1) == condition.to:
        return f"purchase {condition.to}"
    if isinstance(condition, Privilege):
        return f"the privilege {condition.id!r}"
    if isinstance(condition, Coupon):
        return f"the coupon {condition.template or ', '.join(condition.codes or ())!r}"
    return None


CHECKS = (double_rewards, double_welcome)
