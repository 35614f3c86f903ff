"""The rules a member may count on at a moment, whatever is bought: what a list of offers shows."""

from dataclasses import dataclass
from datetime import datetime

from portal.rulebook.compiled import compile_rulebook
from portal.rulebook.conditions import BaseCondition
from portal.rulebook.conditions.all_of import All
from portal.rulebook.conditions.any_of import AnyOf
from portal.rulebook.conditions.coupon import Coupon
from portal.rulebook.conditions.privilege import Privilege
from portal.rulebook.conditions.segment import Segment
from portal.rulebook.conditions.tier import Tier
from portal.rulebook.conditions.time_window import TimeWindow
from portal.rulebook.document import Rule, Rulebook
from portal.rulebook.effects.base import AccrualEffect, BaseEffect
from portal.rulebook.effects.block import Block
from portal.rulebook.effects.gift_item import GiftItem
from portal.rulebook.evaluate import situation_of
from portal.rulebook.member_state import MemberState
from portal.rulebook.receipt import Receipt
from portal.rulebook.situation import Situation


@dataclass(frozen=True, slots=True)
class OpenRule:
    """A rule that the right goods would set off now; `club` when it is for some members alone."""

    rule: Rule
    club: bool


def open_rules(rulebook: Rulebook, member: MemberState, *, at: datetime) -> tuple[OpenRule, ...]:
    """Return the visible rules that nothing about the member or the day keeps shut, in the order they are written.

    What hangs on a coupon, a privilege or a gift is left out: it is told where that is held. Hours of the week are not
    asked about: a rule for Fridays is an offer on Monday too.
    """
    situation = situation_of(compile_rulebook(rulebook), member, Receipt(at=at, lines=()), bearer=())
    shown = (rule for rule in rulebook.rules_at(at) if rule.visible and _is_an_offer(rule))
    return tuple(OpenRule(rule, club=_for_some(rule)) for rule in shown if may_hold(rule.when, situation))


def rules_behind(rulebook: Rulebook, *, privilege: str = "", template: str = "") -> tuple[Rule, ...]:
    """Return the rules that a privilege, or a coupon of a template, sets off."""
    return tuple(
        rule
        for rule in rulebook.rules
        if any(
            (isinstance(part, Privilege) and part.id == privilege)
            or (isinstance(part, Coupon) and part.template is not None and part.template == template)
            for part in rule.when.walk()
        )
    )


def may_hold(condition: BaseCondition, situation: Situation) -> bool:
    """Tell whether a condition can hold for this member today; what the goods must say is taken as said.

    Example: `{type = "all", of = [{type = "tier", in = ["gold"]}, {type = "line_qty", …}]}` may hold for Ada (gold),
    not for Ben (new).
    """
    if isinstance(condition, All):
        return all(may_hold(part, situation) for part in condition.of)
    if isinstance(condition, AnyOf):
        return any(may_hold(part, situation) for part in condition.of)
    leaves = [part for part in condition.walk() if not part.parts()]
    if isinstance(condition, TimeWindow) or all(part.about_member for part in leaves):
        return condition.compiled().holds(situation)
    return True


def _is_an_offer(rule: Rule) -> bool:
    held = any(isinstance(part, Coupon | Privilege) for part in rule.when.walk())
    return not held and any(gives_the_buyer(effect) for effect in rule.effects)


def gives_the_buyer(effect: BaseEffect) -> bool:
    """Tell whether an effect is worth telling the buyer: something is given, and to them."""
    if isinstance(effect, AccrualEffect):
        return effect.to == "member"
    return not isinstance(effect, Block | GiftItem)


def _for_some(rule: Rule) -> bool:
    return any(isinstance(part, Segment | Tier) for part in rule.when.walk())
