"""The member's own holiday (domain.md §2.7): what the rulebook gives around a day that the member chose."""

from typing import Annotated

from pydantic import Field

from portal.rulebook.values import Model, Name

Side = Annotated[int, Field(strict=True, ge=0, le=30)]


class Holiday(Model):
    """A privilege opened for one purchase around the day a member chose, once in 12 months.

    It works from `before` days before the day through `after` days after it, for whoever told the day at least 14 days
    before that. Rules say what it gives: `{type = "privilege", id = …}` with `consumes`.
    """

    privilege: Name
    before: Side = 3
    after: Side = 7
