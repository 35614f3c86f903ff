"""What an evaluation has decided so far and why."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.rulebook.compiled import CompiledRule
from portal.rulebook.outcome import Discount, Gift, Grant, IssuedCoupon, Skipped, Unlocked
from portal.rulebook.values import Title


@dataclass(slots=True)
class Trace:
    """The growing answer.

    `noted` are the rules and reasons in `skipped`, `worked` the rules that did something, `winners` the rule each group
    was decided for.
    """

    skipped: list[Skipped] = field(default_factory=list[Skipped])
    discounts: list[Discount] = field(default_factory=list[Discount])
    gifts: list[Gift] = field(default_factory=list[Gift])
    grants: list[Grant] = field(default_factory=list[Grant])
    unlocked: list[Unlocked] = field(default_factory=list[Unlocked])
    coupons: list[IssuedCoupon] = field(default_factory=list[IssuedCoupon])
    noted: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    worked: set[str] = field(default_factory=set[str])
    winners: dict[str, CompiledRule] = field(default_factory=dict[str, CompiledRule])

    def skip(self, rule: CompiledRule, reason: str, facts: dict[str, Any] | None = None) -> None:
        """Note why a rule, or one of its effects, does nothing; a reason is noted once per rule."""
        if (rule.id, reason) not in self.noted:
            self.noted.add((rule.id, reason))
            self.skipped.append(Skipped(rule=rule.id, reason=reason, facts=facts or {}))

    def staying(self, rules: Sequence[CompiledRule]) -> list[CompiledRule]:
        """Return the rules that did not give way to another of their group."""
        return [rule for rule in rules if rule.group is None or self.winners.get(rule.group, rule) is rule]

    def drop(self, rule: CompiledRule, winner: CompiledRule) -> None:
        """Note that a rule gave way to another of its group."""
        self.skip(rule, f"group:{rule.group}", {"winner": winner.id, "winner_title": title_of(winner)})


def title_of(rule: CompiledRule) -> Title:
    """Return what members call the rule; its id where the rulebook gives no title."""
    return rule.rule.title or rule.id
