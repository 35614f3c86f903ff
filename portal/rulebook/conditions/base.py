"""What every condition is: a frozen model that compiles itself to a test."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from portal.rulebook.situation import Situation
from portal.rulebook.values import Model


@dataclass(frozen=True, slots=True)
class Miss:
    """Why a condition does not hold: its type, and what was found and needed, as plain JSON."""

    reason: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Test:
    """A compiled condition. `miss` is only asked after `holds` has said no."""

    holds: Callable[[Situation], bool]
    miss: Callable[[Situation], Miss]


class BaseCondition(Model):
    """A question about a receipt and its buyer.

    A condition that is `about_member` never holds for a guest, not even inside `not`.
    """

    about_member: ClassVar[bool] = False
    type: str

    def compiled(self) -> Test:
        """Return the test, made once per rulebook."""
        raise NotImplementedError

    def parts(self) -> tuple["BaseCondition", ...]:
        """Return the conditions this one joins."""
        return ()

    def asks_net(self) -> bool:
        """Tell whether the answer depends on discounts, so that it can only be given after them (domain.md §3.2)."""
        return any(part.asks_net() for part in self.parts())

    def walk(self) -> Iterator["BaseCondition"]:
        """Yield this condition and everything it joins, outermost first."""
        yield self
        for part in self.parts():
            yield from part.walk()
