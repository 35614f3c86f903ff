"""Ladders that nobody can climb, or that hold nobody (domain.md §3.8, §4)."""

from collections.abc import Iterator
from itertools import combinations

from portal.rulebook.document import Rulebook
from portal.rulebook.linter.facts import ShopFacts
from portal.rulebook.linter.findings import Finding, error, warning
from portal.rulebook.tiers.ladder import (
    LONGEST,
    AllOf,
    ByPeriod,
    Ladder,
    Lifetime,
    Threshold,
    Tier,
    TierCondition,
    parts_of,
)


def overlapping_tiers(rulebook: Rulebook, _: ShopFacts) -> Iterator[Finding]:
    """Ask that a higher tier takes more than a lower one: else whoever reaches the lower stands on the higher."""
    tiers = rulebook.tiers.tiers[1:] if rulebook.tiers else ()
    for lower, higher in combinations(tiers, 2):
        one, other = lower.enter, higher.enter
        if isinstance(one, Threshold) and isinstance(other, Threshold) and _overlap(one, other):
            text = f"Whoever reaches {lower.id!r} reaches {higher.id!r} at once: it takes no more."
            yield error(f"tiers.{higher.id}.enter", "overlapping-tiers", text)


def _overlap(lower: Threshold, higher: Threshold) -> bool:
    return (lower.metric, lower.window) == (higher.metric, higher.window) and higher.goal <= lower.goal


def unknown_benefits(rulebook: Rulebook, _: ShopFacts) -> Iterator[Finding]:
    known = {rule.id for rule in rulebook.rules}
    for tier in rulebook.tiers.tiers if rulebook.tiers else ():
        for n, benefit in enumerate(tier.benefits):
            for name in benefit.rules:
                if name not in known:
                    path = f"tiers.{tier.id}.benefits[{n}].rules"
                    yield error(path, "unknown-rule", f"There is no rule {name!r}.")


def unreachable_tiers(rulebook: Rulebook, _: ShopFacts) -> Iterator[Finding]:
    """Know that friends count only where `referral` brings them, and that no quests are played yet."""
    dead = {"quests_done"} | (set() if rulebook.referral else {"referrals"})
    for tier in rulebook.tiers.tiers[1:] if rulebook.tiers else ():
        if tier.enter is not None and not _can_hold(tier.enter, dead):
            text = f"Nobody can reach {tier.id!r}: nothing in this programme counts {' or '.join(sorted(dead))}."
            yield warning(f"tiers.{tier.id}.enter", "unreachable-tier", text)


def _can_hold(condition: TierCondition, dead: set[str]) -> bool:
    if isinstance(condition, Threshold):
        return condition.metric not in dead
    parts = [_can_hold(part, dead) for part in parts_of(condition)]
    return all(parts) if isinstance(condition, AllOf) else any(parts)


def undone_falls(rulebook: Rulebook, _: ShopFacts) -> Iterator[Finding]:
    """Warn of a fall that the next purchase undoes, because what lets in counts everything since ever."""
    ladder = rulebook.tiers
    if ladder is None or not isinstance(ladder.keep, ByPeriod):
        return
    for tier in ladder.tiers[1:]:
        if isinstance(tier.enter, Threshold) and isinstance(tier.enter.window, Lifetime | None):
            text = "Who falls rises again with the next purchase: give `enter` a window, as calendar or rolling."
            yield warning(f"tiers.{tier.id}.enter", "undone-fall", text)


def unjudged_tiers(rulebook: Rulebook, _: ShopFacts) -> Iterator[Finding]:
    """Warn of a ladder that judges nobody in time: who rises once in each period is never looked at."""
    ladder = rulebook.tiers
    if ladder and isinstance(ladder.keep, ByPeriod) and ladder.keep.min_hold_days > LONGEST[ladder.keep.unit]:
        text = "Tiers must be held for longer than a period lasts: the first end of one is never judged."
        yield warning("tiers.keep.min_hold_days", "skipped-period", text)


def harder_to_keep(rulebook: Rulebook, _: ShopFacts) -> Iterator[Finding]:
    """Warn of a tier that takes more to keep than to reach."""
    for tier in _kept_by_period(rulebook.tiers):
        one, other = tier.enter, tier.keep
        if not isinstance(one, Threshold) or not isinstance(other, Threshold):
            continue
        if one.metric == other.metric and other.goal > one.goal:
            text = f"Keeping {tier.id!r} takes more than reaching it: who just reached it falls."
            yield warning(f"tiers.{tier.id}.keep", "harder-to-keep", text)


def _kept_by_period(ladder: Ladder | None) -> Iterator[Tier]:
    return iter(ladder.tiers[1:]) if ladder and isinstance(ladder.keep, ByPeriod) else iter(())


CHECKS = (
    overlapping_tiers,
    unknown_benefits,
    unreachable_tiers,
    undone_falls,
    unjudged_tiers,
    harder_to_keep,
)
