"""Which lines of a receipt a condition or an effect speaks of."""

from collections.abc import Callable
from functools import cached_property
from typing import Self

from pydantic import Field, model_validator

from portal.rulebook.receipt import Line
from portal.rulebook.values import Model, Names

Covers = Callable[[Line], bool]


class LineFilter(Model):
    """Keys are joined by AND, the values of a key by OR; a category covers itself and its children "a/b".

    `{brand = ["AQUA DELLA"], category = ["plants"]}` covers plants of that brand; `{not = {brand = ["LUX"]}}`
    everything else but LUX.
    """

    sku: Names | None = None
    category: Names | None = None
    brand: Names | None = None
    tag: Names | None = None
    not_: "LineFilter | None" = Field(None, alias="not")

    @model_validator(mode="after")
    def _name_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("a line filter names at least one of sku, category, brand, tag, not")
        return self

    def compiled(self) -> Covers:
        """Return the test of one line."""
        return self._covers

    @cached_property
    def _covers(self) -> Covers:
        tests = [test for test in (self._by_text(), self._by_category(), self._by_tag(), self._by_not()) if test]
        if len(tests) == 1:
            return tests[0]
        return lambda line: all(test(line) for test in tests)

    def _by_text(self) -> Covers | None:
        skus, brands = frozenset(self.sku or ()), frozenset(self.brand or ())
        if skus and brands:
            return lambda line: line.sku in skus and line.brand in brands
        if skus:
            return lambda line: line.sku in skus
        return (lambda line: line.brand in brands) if brands else None

    def _by_category(self) -> Covers | None:
        if not self.category:
            return None
        whole, beginnings = frozenset(self.category), tuple(f"{name}/" for name in self.category)
        return lambda line: line.category in whole or line.category.startswith(beginnings)

    def _by_tag(self) -> Covers | None:
        if not self.tag:
            return None
        tags = frozenset(self.tag)
        return lambda line: not tags.isdisjoint(line.tags)

    def _by_not(self) -> Covers | None:
        if not self.not_:
            return None
        covered = self.not_.compiled()
        return lambda line: not covered(line)
