"""Windows and ranges that nothing can lie in, groups that cannot choose."""

from collections.abc import Iterator
from datetime import datetime

from portal.rulebook.conditions.days_since_last import DaysSinceLast
from portal.rulebook.conditions.purchase_number import PurchaseNumber
from portal.rulebook.conditions.receipt_total import ReceiptTotal
from portal.rulebook.conditions.time_window import TimeWindow
from portal.rulebook.document import Rule, Rulebook
from portal.rulebook.effects import AccrualEffect, DiscountEffect
from portal.rulebook.effects.gift_item import GiftItem
from portal.rulebook.effects.multiply import Multiply
from portal.rulebook.linter.facts import ShopFacts
from portal.rulebook.linter.findings import Finding, conditions_of, error
from portal.rulebook.moments import in_zone


def empty_windows(rulebook: Rulebook, _: ShopFacts) -> Iterator[Finding]:
    for rule in rulebook.rules:
        if _ends_first(rule.from_, rule.until, rulebook):
            yield _empty(f"rules.{rule.id}.until")
        for path, condition in conditions_of(rule):
            if isinstance(condition, TimeWindow) and _ends_first(condition.from_, condition.until, rulebook):
                yield _empty(f"{path}.until")


def _ends_first(since: datetime | None, until: datetime | None, rulebook: Rulebook) -> bool:
    if since is None or until is None:
        return False
    return in_zone(since, rulebook.zone) >= in_zone(until, rulebook.zone)


def _empty(path: str) -> Finding:
    return error(path, "empty-window", "The window ends before it begins, or at that moment.")


def empty_ranges(rulebook: Rulebook, _: ShopFacts) -> Iterator[Finding]:
    for rule in rulebook.rules:
        for path, condition in conditions_of(rule):
            low, high = _range(condition)
            if low is not None and high is not None and low > high:
                yield error(path, "empty-range", f"Nothing is at least {low} and at most {high}.")


def _range(condition: object) -> tuple[int | None, int | None]:
    if isinstance(condition, ReceiptTotal):
        above = None if condition.more_than is None else condition.more_than + 1
        return max(filter(None, (condition.min, above)), default=None), condition.max
    if isinstance(condition, PurchaseNumber):
        return condition.from_, condition.to
    if isinstance(condition, DaysSinceLast):
        return condition.min, condition.max
    return None, None


def mixed_best_groups(rulebook: Rulebook, _: ShopFacts) -> Iterator[Finding]:
    """Ask that what is compared is of one kind: all discounts, or all accruals (domain.md §3.4)."""
    for group in rulebook.groups:
        if group.mode != "best":
            continue
        kinds = {kind for rule in rulebook.rules if rule.group == group.id for kind in _kinds(rule)}
        if len(kinds) > 1 or "other" in kinds:
            text = "A group of mode `best` holds discounts alone or accruals alone."
            yield error(f"groups.{group.id}", "mixed-best-group", text)


def _kinds(rule: Rule) -> Iterator[str]:
    for effect in rule.effects:
        if isinstance(effect, DiscountEffect | GiftItem):
            yield "discount"
        else:
            yield "accrual" if isinstance(effect, AccrualEffect | Multiply) else "other"


CHECKS = (empty_windows, empty_ranges, mixed_best_groups)
