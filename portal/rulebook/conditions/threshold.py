"""Thresholds of amounts, shared by the conditions that count money."""

from dataclasses import dataclass
from typing import Literal

Basis = Literal["gross", "net"]


@dataclass(frozen=True, slots=True)
class Threshold:
    """At least, strictly more than, at most; an end that is None is open.

    "More than 3 000" is `more_than` 300000: 3 000.00 fails, 3 000.01 passes (domain.md §3.2).
    """

    least: int | None = None
    more_than: int | None = None
    most: int | None = None

    def admits(self, value: int) -> bool:
        return (
            (self.least is None or value >= self.least)
            and (self.more_than is None or value > self.more_than)
            and (self.most is None or value <= self.most)
        )

    def facts(self) -> dict[str, int]:
        """Return what was needed, as the explanation of a miss stores it."""
        named = {"min": self.least, "more_than": self.more_than, "max": self.most}
        return {name: value for name, value in named.items() if value is not None}
