"""An invite link of the shop's own (domain.md §5.1)."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from portal.errors import Refused

OwnerKind = Literal["member", "agent", "partner", "channel", "post"]
OWNER_KINDS: tuple[OwnerKind, ...] = ("member", "agent", "partner", "channel", "post")
_SLUG = re.compile(r"(?=.{3,40}\Z)[a-z0-9]+(-[a-z0-9]+)*")


class WrongSlug(Refused):
    code = "wrong-slug"
    text = "The name of a link has 3 to 40 small Latin letters, digits and single hyphens."


class OwnerNeeded(Refused):
    code = "owner-needed"
    text = "A link of a member or an agent names whose it is; other links name nobody."


class WrongWindow(Refused):
    code = "wrong-window"
    text = "A link closes after it opens."


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Where a link stands, in the words of web counters: utm_source, utm_medium, utm_campaign."""

    source: str = ""
    medium: str = ""
    campaign: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTerms:
    """What a link is for and what it gives: it works from `opens_at` until `closes_at`, for `join_limit` newcomers.

    `welcome_points` stand for the rulebook's; a `segment` is assigned, a `privilege` opened for so many days.
    """

    slug: str
    title: str
    owner_kind: OwnerKind
    owner_id: str | None = None
    marks: Marks = Marks()
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    join_limit: int | None = None
    welcome_points: int | None = None
    segment: str | None = None
    privilege: str | None = None
    privilege_days: int | None = None
    cost_minor: int = 0

    def check(self) -> None:
        """Raise `WrongSlug`, `OwnerNeeded` or `WrongWindow`."""
        if not _SLUG.fullmatch(self.slug):
            raise WrongSlug
        if (self.owner_kind in ("member", "agent")) != (self.owner_id is not None):
            raise OwnerNeeded
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise WrongWindow


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link that was made; `joins` counts those accepted by it."""

    id: str
    terms: LinkTerms
    joins: int
    made_at: datetime

    @property
    def name(self) -> str:
        """The name by which rules know it: `link:fitmaster`."""
        return f"link:{self.terms.slug}"

    @property
    def referrer_id(self) -> str | None:
        """Whoever is rewarded as a referrer; agents, partners and channels are none."""
        return self.terms.owner_id if self.terms.owner_kind == "member" else None

    @property
    def agent_id(self) -> str | None:
        return self.terms.owner_id if self.terms.owner_kind == "agent" else None

    def open(self, at: datetime) -> bool:
        """Tell whether it works at an instant, its limit apart."""
        opens, closes = self.terms.opens_at, self.terms.closes_at
        return (opens is None or opens <= at) and (closes is None or at < closes)
