"""`n_for_m`: take n, pay for m."""

from collections.abc import Sequence
from typing import Literal, Self

from pydantic import model_validator

from portal.rulebook.effects.base import DiscountEffect, Terms, Wanted, compiled_filter, covered
from portal.rulebook.effects.units import Offer, Units, dearest_first
from portal.rulebook.line_filter import LineFilter
from portal.rulebook.situation import Bill
from portal.rulebook.values import Count, Points


class NForM(DiscountEffect):
    """Group whole units, dearest first, by `take`; the cheapest `take − pay` of each full group are free.

    The free money is spread over the whole group, so that either piece can be brought back at a fair price.

    Example: two for one over 100.00, 80.00 and 50.00 takes 80.00 off: 44.44 and 35.56, the third is paid in full.
    """

    type: Literal["n_for_m"]
    take: Count
    pay: Points
    lines: LineFilter | None = None

    @model_validator(mode="after")
    def _pay_for_less(self) -> Self:
        if self.pay >= self.take:
            raise ValueError("`pay` is less than `take`")
        return self

    def wants(self, terms: Terms) -> Wanted:
        covers, take, free = compiled_filter(self.lines), self.take, self.take - self.pay

        def wanted(bill: Bill, positions: Sequence[int]) -> dict[int, int]:
            offer = dearest_first(bill, covered(bill, positions, covers))
            _share(offer, take=take, free=free)
            return offer.settle(bill)

        return wanted


def _share(offer: Offer, *, take: int, free: int) -> None:
    """Share out the free money of all full groups; those that lie within one line are counted at once."""
    group: list[Units] = []
    missing = take
    for each in offer.units:
        count = each.count
        if group:
            taken = min(count, missing)
            group.append(Units(each.position, each.price, taken))
            missing, count = missing - taken, count - taken
            if not missing:
                _share_group(offer, group, free=free)
                group = []
                missing = take
        full, rest = divmod(count, take)
        if full:
            offer.spread(free * each.price, [Units(each.position, each.price, take)], times=full)
        if rest:
            group.append(Units(each.position, each.price, rest))
            missing = take - rest


def _share_group(offer: Offer, group: list[Units], *, free: int) -> None:
    """Spread the price of a group's cheapest units over all of its units."""
    money, left = 0, free
    for each in reversed(group):
        money += min(each.count, left) * each.price
        left -= min(each.count, left)
    offer.spread(money, group)
