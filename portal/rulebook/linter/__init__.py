"""The linter: what is wrong or unwise in a rulebook, with the path of each (domain.md §3.8)."""

from portal.rulebook.document import Rulebook
from portal.rulebook.linter import (
    dead_rules,
    double_rewards,
    generosity,
    ladder,
    ranges,
    references,
    referring,
    unused_rules,
    useless_perks,
)
from portal.rulebook.linter.facts import ShopFacts
from portal.rulebook.linter.findings import Check, Finding, Severity
from portal.rulebook.linter.reading import read_json, read_toml
from portal.rulebook.linter.worst_basket import USUAL_PRICE, WorstBasket, worst_basket

CHECKS: tuple[Check, ...] = (
    *references.CHECKS,
    *ranges.CHECKS,
    *generosity.CHECKS,
    *dead_rules.CHECKS,
    *double_rewards.CHECKS,
    *referring.CHECKS,
    *useless_perks.CHECKS,
    *unused_rules.CHECKS,
    *ladder.CHECKS,
)

NO_FACTS = ShopFacts()


def lint(rulebook: Rulebook, *, facts: ShopFacts = NO_FACTS) -> list[Finding]:
    """Return everything the checks find, errors first."""
    found = [finding for check in CHECKS for finding in check(rulebook, facts)]
    return sorted(found, key=lambda finding: finding.severity == "warning")


def lint_toml(text: str, *, facts: ShopFacts = NO_FACTS) -> tuple[Rulebook | None, list[Finding]]:
    """Return the rulebook of a TOML text, or None when it cannot be read, with everything found."""
    rulebook, found = read_toml(text)
    return (rulebook, lint(rulebook, facts=facts)) if rulebook else (None, found)


def has_errors(found: list[Finding]) -> bool:
    return any(finding.severity == "error" for finding in found)


__all__ = [
    "USUAL_PRICE",
    "Finding",
    "Severity",
    "ShopFacts",
    "WorstBasket",
    "has_errors",
    "lint",
    "lint_toml",
    "read_json",
    "read_toml",
    "worst_basket",
]
