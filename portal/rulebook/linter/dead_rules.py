"""Rules that can never work, found without a single receipt: each small test looks for one contradiction."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from typing import TypeAlias

from portal.rulebook.conditions import BaseCondition
from portal.rulebook.conditions.always import Always
from portal.rulebook.conditions.channel import Channel
from portal.rulebook.conditions.days_since_last import DaysSinceLast
from portal.rulebook.conditions.not_of import Not
from portal.rulebook.conditions.previous_purchase import PreviousPurchase
from portal.rulebook.conditions.privilege import Privilege
from portal.rulebook.conditions.purchase_number import PurchaseNumber
from portal.rulebook.conditions.receipt_total import ReceiptTotal
from portal.rulebook.conditions.store import Store
from portal.rulebook.conditions.tier import Tier
from portal.rulebook.conditions.time_window import TimeWindow
from portal.rulebook.conditions.weekly import Weekly
from portal.rulebook.document import Rule, Rulebook
from portal.rulebook.effects.unlock import Unlock
from portal.rulebook.linter.facts import ShopFacts
from portal.rulebook.linter.findings import Finding, effects_of, required_of, warning
from portal.rulebook.moments import in_zone
from portal.rulebook.windows import weekly_contains

_LONGEST_SEARCH = timedelta(days=8)
_STEP = timedelta(minutes=1)
_CHOICES: tuple[type[Tier | Channel | Store], ...] = (Tier, Channel, Store)


@dataclass(frozen=True, slots=True)
class Suspect:
    """A rule with the conditions that must all hold for it to work."""

    rule: Rule
    required: list[BaseCondition]
    rulebook: Rulebook
    facts: ShopFacts

    def window(self) -> tuple[datetime | None, datetime | None]:
        """Return when the rule can work at all: what its own window and all its time windows share."""
        windows = [(each.from_, each.until) for each in self.required if isinstance(each, TimeWindow)]
        windows.append((self.rule.from_, self.rule.until))
        starts = [in_zone(since, self.rulebook.zone) for since, _ in windows if since]
        ends = [in_zone(until, self.rulebook.zone) for _, until in windows if until]
        return max(starts, default=None), min(ends, default=None)


Test: TypeAlias = Callable[[Suspect], str | None]


def dead_rules(rulebook: Rulebook, facts: ShopFacts) -> Iterator[Finding]:
    """Say of each rule the first reason why it can never work."""
    for rule in rulebook.rules:
        suspect = Suspect(rule, required_of(rule), rulebook, facts)
        reason = next((text for test in TESTS if (text := test(suspect))), None)
        if reason:
            yield warning(f"rules.{rule.id}", "never-works", f"This rule can never work: {reason}.")


def over_before_start(suspect: Suspect) -> str | None:
    since, until = suspect.window()
    if suspect.facts.at and until and until <= suspect.facts.at:
        return "its time is over before the version starts"
    return "its windows have no moment in common" if since and until and since >= until else None


def outside_its_hours(suspect: Suspect) -> str | None:
    """Search the days of a short window for a moment that lies in every weekly one."""
    weekly = [each for each in suspect.required if isinstance(each, Weekly)]
    since, until = suspect.window()
    if not weekly or (len(weekly) == 1 and not (since and until)):
        return None
    start = since or datetime(
        2026, 1, 5, tzinfo=suspect.rulebook.zone
    )  # any Monday: a week holds every hour of the week
    end = min(until or start + _LONGEST_SEARCH, start + _LONGEST_SEARCH)
    while start < end:
        if all(weekly_contains(start, days=each.days, start=each.start, end=each.end) for each in weekly):
            return None
        start += _STEP
    return "its hours of the week have no moment in its window"


def contradicting_choices(suspect: Suspect) -> str | None:
    for kind in _CHOICES:
        wanted = [set(each.in_) for each in suspect.required if isinstance(each, kind)]
        if wanted and not reduce(set[str].intersection, wanted):
            return f"no {kind.__name__.lower()} is in all of its lists"
    return None


def contradicting_ranges(suspect: Suspect) -> str | None:
    totals = [each for each in suspect.required if isinstance(each, ReceiptTotal)]
    for basis in ("gross", "net"):
        least = max(
            (max(each.min or 0, (each.more_than or -1) + 1) for each in totals if each.basis == basis), default=0
        )
        most = min((each.max for each in totals if each.basis == basis and each.max is not None), default=least)
        if least > most:
            return "no receipt has such a total"
    numbers = [each for each in suspect.required if isinstance(each, PurchaseNumber)]
    first = max((each.from_ or 1 for each in numbers), default=1)
    last = min((each.to for each in numbers if each.to), default=None)
    if last and first > last:
        return "no purchase has such a number"
    if last == 1 and any(isinstance(each, PreviousPurchase | DaysSinceLast) for each in suspect.required):
        return "there is nothing before a first purchase"
    return None


def denied_by_itself(suspect: Suspect) -> str | None:
    denied = [each.of for each in suspect.required if isinstance(each, Not)]
    if any(each in suspect.required or isinstance(each, Always) for each in denied):
        return "it asks for something and for its opposite"
    return None


def undefined_tier(suspect: Suspect) -> str | None:
    ladder = suspect.rulebook.tiers
    known = suspect.facts.tiers | {tier.id for tier in ladder.tiers} if ladder else suspect.facts.tiers
    for each in suspect.required:
        if isinstance(each, Tier) and known.isdisjoint(each.in_):
            return f"no tier {' or '.join(each.in_)} is defined"
    return None


def behind_an_always(suspect: Suspect) -> str | None:
    """Know that of a group `first` nothing comes after a rule that always matches."""
    if suspect.rule.group not in {group.id for group in suspect.rulebook.groups if group.mode == "first"}:
        return None
    for other in sorted(suspect.rulebook.rules, key=lambda each: (each.priority, each.id)):
        if other.id == suspect.rule.id:
            return None
        if other.group == suspect.rule.group and isinstance(other.when, Always) and not (other.from_ or other.until):
            return f"{other.id!r} comes before it in its group and always matches"
    return None


def privilege_over_first(suspect: Suspect) -> str | None:
    """Find a privilege that expires before its rule may use it (expiry before unlock)."""
    away = max((each.min or 0 for each in suspect.required if isinstance(each, DaysSinceLast)), default=0)
    for asked in (each for each in suspect.required if isinstance(each, Privilege)):
        opened = [
            (other, e)
            for other, _, e in effects_of(suspect.rulebook)
            if isinstance(e, Unlock) and e.privilege == asked.id
        ]
        declared = any(each.id == asked.id for each in suspect.rulebook.privileges)
        if declared or not opened:
            continue
        if all(effect.valid_days < away for _, effect in opened):
            return f"the privilege {asked.id!r} is over before the days of absence it asks for"
        _, until = suspect.window()
        if until and all(_starts_after(until, each, suspect) for each, _ in opened):
            return f"it ends before anything opens the privilege {asked.id!r}"
    return None


def gives_nothing(suspect: Suspect) -> str | None:
    if any(0 in (cap.max_points, cap.max_minor, cap.max_uses) for cap in suspect.rule.caps):
        return "its cap is 0"
    amounts = [
        getattr(effect, name)
        for effect in suspect.rule.effects
        for name in ("rate_bp", "points", "amount")
        if hasattr(effect, name)
    ]
    return "it gives 0" if len(amounts) == len(suspect.rule.effects) and not any(amounts) else None


def _starts_after(until: datetime, rule: Rule, suspect: Suspect) -> bool:
    since, _ = Suspect(rule, required_of(rule), suspect.rulebook, suspect.facts).window()
    return since is not None and since >= until


TESTS: tuple[Test, ...] = (
    over_before_start,
    outside_its_hours,
    contradicting_choices,
    contradicting_ranges,
    denied_by_itself,
    undefined_tier,
    behind_an_always,
    privilege_over_first,
    gives_nothing,
)
CHECKS = (dead_rules,)
