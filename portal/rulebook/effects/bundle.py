"""`bundle`: a set of things for one price."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from portal.rulebook.effects.base import DiscountEffect, Terms, Wanted
from portal.rulebook.effects.units import Offer, Units, dearest_first
from portal.rulebook.line_filter import Covers, LineFilter
from portal.rulebook.situation import Bill
from portal.rulebook.values import Count, Minor, Model


class BundlePart(Model):
    """So many units of the lines that match."""

    lines: LineFilter
    qty: Count = 1


class Bundle(DiscountEffect):
    """Sell a set for `price`, as often as it fits and at most `max_times`.

    The dearest matching whole units form each set; its discount, Σ prices − price, is spread over the set by price. A
    set that would cost no less is not formed.

    Example: coffee 200.00, cake 180.00, coffee 220.00 and "coffee with cake for 300.00": the set is 220.00 + 180.00 and
    100.00 off, 55.00 and 45.00.
    """

    type: Literal["bundle"]
    sets: Annotated[tuple[BundlePart, ...], Field(min_length=1, max_length=20)]
    price: Minor
    max_times: Count | None = None

    def wants(self, terms: Terms) -> Wanted:
        parts = [(part.lines.compiled(), part.qty) for part in self.sets]
        price, most = self.price, self.max_times

        def wanted(bill: Bill, positions: Sequence[int]) -> dict[int, int]:
            offer = dearest_first(bill, positions)
            _share(bill, offer, parts=parts, price=price * offer.scale, most=most)
            return offer.settle(bill)

        return wanted


def _share(bill: Bill, offer: Offer, *, parts: list[tuple[Covers, int]], price: int, most: int | None) -> None:
    """Share out the discount of all sets; those made of the same lines are counted at once."""
    times = 0
    while most is None or times < most:
        chosen = _choose(bill, offer.units, parts)
        worth = sum(used * each.price for each, used in chosen or ())
        if chosen is None or worth <= price:
            break
        alike = min(each.count // used for each, used in chosen)
        alike = alike if most is None else min(alike, most - times)
        offer.spread(worth - price, [Units(each.position, each.price, used) for each, used in chosen], times=alike)
        for each, used in chosen:
            each.count -= alike * used
        times += alike


def _choose(bill: Bill, units: list[Units], parts: list[tuple[Covers, int]]) -> list[tuple[Units, int]] | None:
    """Return the units of the next set, dearest for each part in turn, or None when it cannot be filled."""
    used = [0] * len(units)
    for covers, qty in parts:
        missing = qty
        for k, each in enumerate(units):
            if missing and covers(bill.lines[each.position]):
                taken = min(missing, each.count - used[k])
                used[k] += taken
                missing -= taken
        if missing:
            return None
    return [(each, count) for each, count in zip(units, used, strict=True) if count]
