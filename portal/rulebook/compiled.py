"""A rulebook made ready to judge receipts: filters, conditions and effects as closures, sorted by their step."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

from portal.money import BASIS_POINTS, Rounding
from portal.rulebook.conditions import BaseCondition, Test
from portal.rulebook.conditions.birthday import Birthday
from portal.rulebook.conditions.coupon import Coupon
from portal.rulebook.conditions.segment import Segment
from portal.rulebook.document import Cap, Rule, Rulebook
from portal.rulebook.effects import BaseEffect
from portal.rulebook.effects.accrue_fixed import AccrueFixed
from portal.rulebook.effects.accrue_percent import AccruePercent
from portal.rulebook.effects.base import (
    AccrualEffect,
    Beneficiary,
    DiscountEffect,
    Earns,
    Terms,
    Wanted,
    compiled_filter,
)
from portal.rulebook.effects.block import Block, Blocked
from portal.rulebook.effects.gift_item import GiftItem
from portal.rulebook.effects.issue_coupon import IssueCoupon
from portal.rulebook.effects.multiply import Multiply
from portal.rulebook.effects.redemption_limit import RedemptionLimit
from portal.rulebook.effects.unlock import Unlock
from portal.rulebook.lifetime import Lifetime
from portal.rulebook.line_filter import Covers
from portal.rulebook.outcome import How
from portal.rulebook.points import Redemption

Unit = Literal["points", "minor", "uses"]
_Kind = TypeVar("_Kind", bound=BaseEffect | BaseCondition)


@dataclass(frozen=True, slots=True)
class ScopedCap:
    """At most so many points, minor units or uses in a scope."""

    scope: str
    most: int


@dataclass(frozen=True, slots=True, eq=False)
class Accrual:
    """An accrual effect: whom it gives, into which wallet, for how long, and how much exactly over `scale`.

    `level` counts referrers above the member, 1 for the one who brought them.
    """

    to: Beneficiary
    level: int
    wallet: str
    lifetime: Lifetime
    scale: int
    earns: Earns
    how: How
    rate_bp: int | None


@dataclass(frozen=True, slots=True, eq=False)
class CompiledRule:
    """A rule with its effects by step.

    `group_mode` is None for rules that exclude no other. A rule `relies` on what it may use up when it works.
    """

    rule: Rule
    id: str
    place: int
    test: Test
    dated: bool
    group: str | None
    group_mode: Literal["best", "first"] | None
    points_caps: tuple[ScopedCap, ...]
    minor_caps: tuple[ScopedCap, ...]
    uses_caps: tuple[ScopedCap, ...]
    blocks: tuple[tuple[frozenset[Blocked], Covers | None], ...]
    gifts: tuple[tuple[Covers | None, str], ...]
    discounts: tuple[Wanted, ...]
    limits: tuple[tuple[Covers | None, int], ...]
    accruals: tuple[Accrual, ...]
    multiplies: tuple[Multiply, ...]
    unlocks: tuple[tuple[Covers | None, Unlock], ...]
    coupons: tuple[IssueCoupon, ...]
    relies: bool
    coupons_asked: tuple[Coupon, ...]
    segments_asked: frozenset[str]
    birthdays_asked: tuple[Birthday, ...]


@dataclass(frozen=True, slots=True, eq=False)
class CompiledRulebook:
    """Everything `evaluate` needs; rules stand by (priority, id), those `net_rules` wait for the discounts."""

    rulebook: Rulebook
    label: str
    zone: ZoneInfo
    worth: int
    rounding: Rounding
    discount_cap_bp: int
    add_multipliers: bool
    redemption: Redemption
    rules: tuple[CompiledRule, ...]
    net_rules: tuple[CompiledRule, ...]
    points_wallets: frozenset[str]


@lru_cache(maxsize=64)
def compile_rulebook(rulebook: Rulebook) -> CompiledRulebook:
    """Compile a version; the last few stay compiled, found again by the document itself."""
    ordered = sorted(rulebook.every_rule, key=lambda rule: (rule.priority, rule.id))
    rules = [_compile_rule(rulebook, rule, place) for place, rule in enumerate(ordered)]
    named = {effect.wallet for rule in ordered for effect in rule.effects if isinstance(effect, AccrualEffect)}
    return CompiledRulebook(
        rulebook=rulebook,
        label=rulebook.label,
        zone=rulebook.zone,
        worth=rulebook.worth,
        rounding=rulebook.rounding,
        discount_cap_bp=rulebook.discount_cap_bp,
        add_multipliers=rulebook.multiplier_mode == "add",
        redemption=rulebook.redemption,
        rules=tuple(rule for rule in rules if not rule.rule.when.asks_net()),
        net_rules=tuple(rule for rule in rules if rule.rule.when.asks_net()),
        points_wallets=frozenset(wallet for wallet in named if rulebook.wallet(wallet).kind == "points"),
    )


def _compile_rule(rulebook: Rulebook, rule: Rule, place: int) -> CompiledRule:
    terms = Terms(cascade=rulebook.discount_mode == "cascade", scale=BASIS_POINTS * rulebook.worth)
    effects, asked = rule.effects, tuple(rule.when.walk())
    coupons, birthdays = _only(Coupon, asked), _only(Birthday, asked)
    segments = frozenset(name for each in _only(Segment, asked) for name in each.in_)
    modes: dict[str, Literal["best", "first"]] = {each.id: each.mode for each in rulebook.groups if each.mode != "all"}
    return CompiledRule(
        rule=rule,
        id=rule.id,
        place=place,
        test=rule.when.compiled(),
        dated=rule.from_ is not None or rule.until is not None,
        group=rule.group,
        group_mode=modes.get(rule.group) if rule.group else None,
        points_caps=_caps(rule.caps, "points"),
        minor_caps=_caps(rule.caps, "minor"),
        uses_caps=_caps(rule.caps, "uses"),
        blocks=tuple((frozenset(each.what), compiled_filter(each.lines)) for each in _only(Block, effects)),
        gifts=tuple((compiled_filter(each.lines), each.wallet) for each in _only(GiftItem, effects)),
        discounts=tuple(each.wants(terms) for each in _only(DiscountEffect, effects)),
        limits=tuple((compiled_filter(each.lines), each.max_share_bp) for each in _only(RedemptionLimit, effects)),
        accruals=tuple(_compile_accrual(rulebook, each) for each in _only(AccrualEffect, effects)),
        multiplies=_only(Multiply, effects),
        unlocks=tuple((compiled_filter(each.lines), each) for each in _only(Unlock, effects)),
        coupons=_only(IssueCoupon, effects),
        relies=bool(rule.consumes or coupons or segments or birthdays),
        coupons_asked=coupons,
        segments_asked=segments,
        birthdays_asked=birthdays,
    )


def _only(kind: type[_Kind], among: Sequence[BaseEffect | BaseCondition]) -> tuple[_Kind, ...]:
    return tuple(each for each in among if isinstance(each, kind))


def _caps(caps: tuple[Cap, ...], unit: Unit) -> tuple[ScopedCap, ...]:
    named = [(cap, {"points": cap.max_points, "minor": cap.max_minor, "uses": cap.max_uses}[unit]) for cap in caps]
    return tuple(ScopedCap(cap.scope, most) for cap, most in named if most is not None)


def _compile_accrual(rulebook: Rulebook, effect: AccrualEffect) -> Accrual:
    wallet = rulebook.wallet(effect.wallet)
    pending = wallet.pending_days if effect.pending_days is None else effect.pending_days
    scale = BASIS_POINTS * (wallet.point_value or rulebook.worth)
    percent = isinstance(effect, AccruePercent)
    return Accrual(
        to=effect.to,
        level=effect.level,
        wallet=effect.wallet,
        lifetime=Lifetime(pending, effect.valid or wallet.valid, rulebook.zone),
        scale=scale,
        earns=effect.earns(Terms(cascade=True, scale=scale)),
        how="percent" if percent else "fixed" if isinstance(effect, AccrueFixed) else "per_unit",
        rate_bp=effect.rate_bp if percent else None,
    )
