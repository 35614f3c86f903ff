"""Ids that lead nowhere."""

from collections.abc import Iterator

from portal.rulebook.conditions.coupon import Coupon
from portal.rulebook.conditions.privilege import Privilege
from portal.rulebook.conditions.segment import Segment
from portal.rulebook.document import Rulebook
from portal.rulebook.effects import AccrualEffect
from portal.rulebook.effects.gift_item import GiftItem
from portal.rulebook.effects.issue_coupon import IssueCoupon
from portal.rulebook.effects.multiply import Multiply
from portal.rulebook.effects.unlock import Unlock
from portal.rulebook.kinds import kinds_of
from portal.rulebook.linter.facts import ShopFacts
from portal.rulebook.linter.findings import Finding, conditions_of, effects_of, error, warning
from portal.rulebook.points import POINTS


def unknown_groups(rulebook: Rulebook, _: ShopFacts) -> Iterator[Finding]:
    known = {group.id for group in rulebook.groups}
    for rule in rulebook.rules:
        if rule.group and rule.group not in known:
            yield error(f"rules.{rule.id}.group", "unknown-group", f"There is no group {rule.group!r}.")


def unknown_wallets(rulebook: Rulebook, _: ShopFacts) -> Iterator[Finding]:
    known = {POINTS, *(wallet.id for wallet in rulebook.wallets)}
    for _rule, path, effect in effects_of(rulebook):
        if isinstance(effect, AccrualEffect | GiftItem) and effect.wallet not in known:
            yield error(f"{path}.wallet", "unknown-wallet", f"There is no wallet {effect.wallet!r}.")


def gifts_from_points(rulebook: Rulebook, _: ShopFacts) -> Iterator[Finding]:
    """Ask that gifts come from a gift wallet, whose units are pieces."""
    for _rule, path, effect in effects_of(rulebook):
        if isinstance(effect, GiftItem) and rulebook.wallet(effect.wallet).kind != "gift":
            yield error(f"{path}.wallet", "no-gift-wallet", f"The wallet {effect.wallet!r} holds points, not gifts.")


def unknown_multiplied_rules(rulebook: Rulebook, _: ShopFacts) -> Iterator[Finding]:
    rules = {rule.id: rule for rule in rulebook.rules}
    for _rule, path, effect in effects_of(rulebook):
        for i, name in enumerate(effect.rules if isinstance(effect, Multiply) else ()):
            named = rules.get(name)
            if named is None:
                yield error(f"{path}.rules[{i}]", "unknown-rule", f"There is no rule {name!r}.")
            elif not any(isinstance(each, AccrualEffect) and each.to == "member" for each in named.effects):
                yield error(f"{path}.rules[{i}]", "no-accrual-rule", f"The rule {name!r} gives the member no points.")


def undefined_privileges(rulebook: Rulebook, _: ShopFacts) -> Iterator[Finding]:
    """Take a privilege as defined when it stands in `privileges` or a rule asks for it."""
    declared = {privilege.id for privilege in rulebook.privileges}
    asked = {each.id for rule in rulebook.rules for _, each in conditions_of(rule) if isinstance(each, Privilege)}
    for _rule, path, effect in effects_of(rulebook):
        if isinstance(effect, Unlock) and effect.privilege not in declared | asked:
            text = f"Nothing defines the privilege {effect.privilege!r} that this opens."
            yield error(f"{path}.privilege", "undefined-privilege", text)


def unknown_privileges(rulebook: Rulebook, _: ShopFacts) -> Iterator[Finding]:
    """Ask that a privilege somebody needs is opened by a rule, or declared because something else opens it."""
    known = {privilege.id for privilege in rulebook.privileges}
    known |= {effect.privilege for _, _, effect in effects_of(rulebook) if isinstance(effect, Unlock)}
    for rule in rulebook.rules:
        asked = [(path, each.id) for path, each in conditions_of(rule) if isinstance(each, Privilege)]
        for path, name in asked:
            if name not in known:
                yield error(f"{path}.id", "unknown-privilege", f"No rule opens the privilege {name!r}.")
        if rule.consumes and rule.consumes not in {name for _, name in asked}:
            text = f"The rule consumes {rule.consumes!r} without asking for it in `when`."
            yield error(f"rules.{rule.id}.consumes", "consumes-unasked", text)


def unknown_coupons(rulebook: Rulebook, _: ShopFacts) -> Iterator[Finding]:
    declared = {coupon.id for coupon in rulebook.coupons}
    issued = {effect.template for _, _, effect in effects_of(rulebook) if isinstance(effect, IssueCoupon)}
    asked: set[str] = set()
    for rule in rulebook.rules:
        for path, condition in conditions_of(rule):
            if isinstance(condition, Coupon) and condition.template:
                asked.add(condition.template)
                if condition.template not in declared | issued:
                    text = f"Nothing issues the coupon {condition.template!r}."
                    yield error(f"{path}.template", "unknown-coupon", text)
    for _rule, path, effect in effects_of(rulebook):
        if isinstance(effect, IssueCoupon) and effect.template not in declared | asked:
            text = f"No rule takes the coupon {effect.template!r} that this issues."
            yield error(f"{path}.template", "undefined-coupon", text)


def unknown_segments(rulebook: Rulebook, facts: ShopFacts) -> Iterator[Finding]:
    """Warn only: segments are assigned outside the rulebook and may come later."""
    for rule in rulebook.rules if facts.segments is not None else ():
        for path, condition in conditions_of(rule):
            for name in condition.in_ if isinstance(condition, Segment) else ():
                if name not in (facts.segments or ()):
                    yield warning(f"{path}.in", "unknown-segment", f"There is no segment {name!r} yet.")


def unused_categories(rulebook: Rulebook, _: ShopFacts) -> Iterator[Finding]:
    """Warn of a name for goods that is shown nowhere: pages offer what rules speak of."""
    spoken_of = {kind for kind, _ in kinds_of(rulebook, language="en")}
    for each in rulebook.categories:
        if f"category:{each.id}" not in spoken_of:
            yield warning(f"categories.{each.id}", "unused-category", f"No rule speaks of the category {each.id!r}.")


CHECKS = (
    unknown_groups,
    unknown_wallets,
    gifts_from_points,
    unknown_multiplied_rules,
    undefined_privileges,
    unknown_privileges,
    unknown_coupons,
    unknown_segments,
    unused_categories,
)
