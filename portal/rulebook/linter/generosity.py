"""What costs more, or is harder to understand, than experience advises (domain.md §0, §3.8)."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TypeAlias

from portal.money import BASIS_POINTS
from portal.rulebook.document import Rule, Rulebook
from portal.rulebook.effects.accrue_percent import AccruePercent
from portal.rulebook.effects.discount_percent import DiscountPercent
from portal.rulebook.effects.multiply import Multiply
from portal.rulebook.line_filter import LineFilter
from portal.rulebook.linter.facts import ShopFacts
from portal.rulebook.linter.findings import Finding, effects_of, warning

GOODS_BP, SERVICES_BP = 1_000, 2_500
MOST_VISIBLE = 5
WELCOME_DAYS = range(7, 15)
LEAST_POINTS = 20

Share: TypeAlias = AccruePercent | DiscountPercent


def high_accruals(rulebook: Rulebook, facts: ShopFacts) -> Iterator[Finding]:
    for _rule, path, effect in effects_of(rulebook):
        if isinstance(effect, AccruePercent) and effect.to == "member":
            most = SERVICES_BP if _only_services(effect.lines, facts) else GOODS_BP
            if effect.rate_bp > most:
                yield warning(
                    f"{path}.rate_bp", "high-accrual", f"{_percent(effect.rate_bp)} back is above {_percent(most)}."
                )


def high_together(rulebook: Rulebook, facts: ShopFacts) -> Iterator[Finding]:
    """Add up what one purchase can bring when every rule works at once; groups give the best of theirs."""
    rules = [rule for rule in rulebook.rules if not _for_services(rule, facts)]
    rates = {rule.id: _accrual_rate(rule, rulebook, category=None) for rule in rules}
    together = _together(rules, rates, rulebook)
    if together > GOODS_BP:
        names = ", ".join(rule for rule, rate in rates.items() if rate)
        text = f"{names} together with their multipliers give {_percent(together)}, above {_percent(GOODS_BP)}."
        yield warning("rules", "high-accrual-together", text)


def above_margin(rulebook: Rulebook, facts: ShopFacts) -> Iterator[Finding]:
    """Compare the worst discount and accrual of a category with its margin."""
    for category, margin in facts.margins_bp.items():
        rates = {rule.id: _accrual_rate(rule, rulebook, category=category) for rule in rulebook.rules}
        discounts = {rule.id: _discount_rate(rule, category) for rule in rulebook.rules}
        discount = min(_together(rulebook.rules, discounts, rulebook), rulebook.discount_cap_bp)
        accrual = Fraction(BASIS_POINTS - discount, BASIS_POINTS) * _together(rulebook.rules, rates, rulebook)
        if discount + accrual > margin:
            given = _percent(round(discount + accrual))
            text = f"Discounts and points can come to {given} of {category!r}, whose margin is {_percent(margin)}."
            yield warning("rules", "above-margin", text)


def rounding_loss(rulebook: Rulebook, facts: ShopFacts) -> Iterator[Finding]:
    """Warn that receipts which bring few points lose much of the promise to rounding (domain.md §1.1)."""
    for _rule, path, effect in effects_of(rulebook) if facts.mean_receipt_minor else ():
        if isinstance(effect, AccruePercent):
            mean = Fraction((facts.mean_receipt_minor or 0) * effect.rate_bp, BASIS_POINTS * rulebook.worth)
            if mean < LEAST_POINTS:
                text = (
                    f"A usual receipt brings {float(mean):.1f} points; below {LEAST_POINTS} rounding eats the promise."
                )
                yield warning(f"{path}.rate_bp", "rounding-loss", text)


def odd_welcome(rulebook: Rulebook, _: ShopFacts) -> Iterator[Finding]:
    welcome = rulebook.welcome
    if welcome and (welcome.valid.type != "days" or welcome.valid.n not in WELCOME_DAYS):
        text = "Welcome points are small and short-lived: 7 to 14 days."
        yield warning("welcome.valid", "welcome-validity", text)


def many_visible(rulebook: Rulebook, _: ShopFacts) -> Iterator[Finding]:
    count = sum(rule.visible for rule in rulebook.rules)
    if count > MOST_VISIBLE:
        text = f"Members see {count} rules; more than {MOST_VISIBLE} are hard to keep in the head."
        yield warning("rules", "many-visible-rules", text)


def _percent(basis_points: int) -> str:
    return f"{basis_points / 100:g} %"


def _only_services(lines: LineFilter | None, facts: ShopFacts) -> bool:
    return bool(lines and lines.category and facts.services.issuperset(lines.category))


def _for_services(rule: Rule, facts: ShopFacts) -> bool:
    return all(_only_services(getattr(effect, "lines", None), facts) for effect in rule.effects)


def _accrual_rate(rule: Rule, rulebook: Rulebook, *, category: str | None) -> int:
    """Return what a rule gives the member in percent, with the largest multiplier that names it."""
    effects = [each for each in rule.effects if isinstance(each, AccruePercent) and each.to == "member"]
    rate = sum(each.rate_bp for each in effects if category is None or may_cover(each.lines, category))
    return rate * _largest_factor(rule.id, rulebook) // BASIS_POINTS


def _largest_factor(name: str, rulebook: Rulebook) -> int:
    factors = (
        each.factor_bp for _, _, each in effects_of(rulebook) if isinstance(each, Multiply) and name in each.rules
    )
    return max(factors, default=BASIS_POINTS)


def _discount_rate(rule: Rule, category: str) -> int:
    effects = (each for each in rule.effects if isinstance(each, DiscountPercent))
    return sum(each.rate_bp for each in effects if may_cover(each.lines, category))


def _together(rules: Iterable[Rule], rates: dict[str, int], rulebook: Rulebook) -> int:
    """Sum the rates of rules that can work at once: of a group that chooses only the largest counts."""
    choosing = {group.id for group in rulebook.groups if group.mode != "all"}
    best: dict[tuple[str, str], int] = {}
    for rule in rules:
        key = ("group", rule.group) if rule.group and rule.group in choosing else ("rule", rule.id)
        best[key] = max(best.get(key, 0), rates[rule.id])
    return sum(best.values())


def may_cover(lines: LineFilter | None, category: str) -> bool:
    """Tell whether a filter can cover some line of a category; brands, tags and goods are taken as possible."""
    if lines is None:
        return True
    if lines.not_ and lines.not_.category and lines.not_.model_fields_set == {"category"}:
        return not _inside(category, lines.not_.category)
    return not lines.category or _inside(category, lines.category)


def _inside(category: str, wanted: Iterable[str]) -> bool:
    return any(category == each or category.startswith(f"{each}/") for each in wanted)


CHECKS = (high_accruals, high_together, above_margin, rounding_loss, odd_welcome, many_visible)
