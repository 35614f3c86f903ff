"""The worst basket: the sale found in which the shop gives away the largest share of the price.

A search by `evaluate` alone, the same for everybody: from a plain sale, and from one for each rule in which that rule
works, every change that costs the shop more is made until none does. What it names is a real receipt that
can be judged again; that no other is worse it does not promise. Shelf prices are not known: a line costs what a usual
receipt comes to, or what a rule asks for. Gift wallets are empty and nothing is paid by points: that was given before.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from functools import partial
from itertools import combinations
from typing import TypeAlias

from portal.money import BASIS_POINTS
from portal.rulebook.document import Rule, Rulebook
from portal.rulebook.effects import Effect
from portal.rulebook.effects.accrue_per_unit import AccruePerUnit
from portal.rulebook.effects.n_for_m import NForM
from portal.rulebook.evaluate import evaluate
from portal.rulebook.line_filter import LineFilter
from portal.rulebook.linter.basket import Basket, counted, line_of, plain_basket, priced
from portal.rulebook.linter.findings import conditions_of, effects_of, required_of
from portal.rulebook.linter.fulfilment import fulfilled, ways_to
from portal.rulebook.member_state import MemberState
from portal.rulebook.moments import in_zone
from portal.rulebook.outcome import Outcome
from portal.rulebook.receipt import Line, Receipt

USUAL_PRICE = 100_000
MOST_JUDGED = 10_000
"""Sales that are judged at most, about a second; a rulebook of more rules is searched less far."""


@dataclass(frozen=True, slots=True)
class WorstBasket:
    """A sale, what it comes to, and what the shop gives: `given` in minor units, `share_bp` of the shelf price."""

    receipt: Receipt
    member: MemberState
    outcome: Outcome
    given: int
    share_bp: int


def worst_basket(rulebook: Rulebook, *, at: datetime, usual_minor: int = USUAL_PRICE) -> WorstBasket:
    """Return the worst sale found at `at` or at a time a rule names; `usual_minor` is what a usual receipt comes to."""
    search = _Search(rulebook, usual_minor)
    plain = plain_basket(at=in_zone(at, rulebook.zone).replace(second=0, microsecond=0), price=usual_minor)
    starts = [plain, *(search.working(rule_id, plain) for rule_id in search.rules)]
    best = max((search.climb(start) for start in starts), key=search.share)
    outcome, share_bp = search.judge(best), int(search.share(best) * BASIS_POINTS)
    return WorstBasket(best.receipt, best.member, outcome, search.given(outcome), share_bp)


Step: TypeAlias = Callable[[Basket], Iterator[Basket]]


class _Search:
    def __init__(self, rulebook: Rulebook, usual: int) -> None:
        self._rulebook, self._usual, self._judged = rulebook, usual, 0
        self.rules = {rule.id: rule for rule in rulebook.rules}
        self._lines = _lines_of(rulebook, usual)
        self._counts = sorted({count for _, _, effect in effects_of(rulebook) if (count := _count_of(effect))})

    def judge(self, basket: Basket) -> Outcome:
        self._judged += 1
        return evaluate(self._rulebook, basket.member, basket.receipt)

    def given(self, outcome: Outcome) -> int:
        """Return discounts and the worth of all points granted, to whomever."""
        return outcome.discount + sum(each.points * self._worth(each.wallet) for each in outcome.grants)

    def _worth(self, wallet: str) -> int:
        """Return what a point of a wallet is worth; gift units cost nothing before they are handed out."""
        found = self._rulebook.wallet(wallet)
        return (found.point_value or self._rulebook.worth) if found.kind == "points" else 0

    def share(self, basket: Basket) -> Fraction:
        outcome = self.judge(basket)
        return Fraction(self.given(outcome), outcome.total) if outcome.total >= self._usual else Fraction(0)

    def working(self, rule_id: str, basket: Basket) -> Basket:
        """Return a sale in which a rule works, if its conditions can be met one after the other."""
        rule = self.rules[rule_id]
        basket = basket.told(at=_within(rule, basket.receipt.at, self._rulebook))
        line = line_of(_filters_of(rule), price=self._usual)
        return fulfilled(required_of(rule), basket.over([line]) if line else basket)

    def climb(self, basket: Basket) -> Basket:
        """Take every step that costs the shop more, round after round, until none does."""
        share, before = self.share(basket), Fraction(-1)
        while share > before:
            before = share
            for step in self._steps():
                for near in step(basket):
                    if self._judged < MOST_JUDGED and (worse := self.share(near)) > share:
                        share, basket = worse, near
        return basket

    def _steps(self) -> Iterator[Step]:
        """Give the ways to a sale that is one step away."""
        for rule in self._rulebook.rules:
            for _, condition in conditions_of(rule):
                yield partial(ways_to, condition)
            yield lambda basket, rule=rule: iter([self.working(rule.id, basket)])
        for line in self._lines:
            yield lambda basket, line=line: iter([basket.over([line]), basket.and_also(line)])
        for qty in self._counts:
            yield lambda basket, qty=qty: iter([counted(basket, qty)])
        yield lambda basket: iter([priced(basket, self._usual)])


def _within(rule: Rule, at: datetime, rulebook: Rulebook) -> datetime:
    """Return the instant, or the nearest one at which the rule is in force."""
    since, until = (edge and in_zone(edge, rulebook.zone) for edge in (rule.from_, rule.until))
    at = max(at, since) if since else at
    return min(at, until - timedelta(minutes=1)) if until else at


def _filters_of(rule: Rule) -> list[LineFilter]:
    return [lines for effect in rule.effects if (lines := getattr(effect, "lines", None))]


def _lines_of(rulebook: Rulebook, price: int) -> list[Line]:
    """Return lines that the filters of the rules cover, one by one and in pairs, each line once."""
    filters = [lines for rule in rulebook.rules for lines in _filters_of(rule)]
    chosen = [*((each,) for each in filters), *combinations(filters, 2)]
    return list(dict.fromkeys(line for each in chosen if (line := line_of(each, price=price))))


def _count_of(effect: Effect) -> Fraction | None:
    if isinstance(effect, NForM):
        return Fraction(effect.take)
    return Fraction(effect.per) if isinstance(effect, AccruePerUnit) else None
