"""What a member is shown: available, pending and held points, debt, and what runs out when."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Expiring:
    """Available and pending points that run out together; `last_valid_day` is the shop's local day to show."""

    points: int
    expires_at: datetime
    last_valid_day: date | None


@dataclass(frozen=True, slots=True)
class Releasing:
    """Pending points that become available together."""

    points: int
    release_at: datetime


@dataclass(frozen=True, slots=True)
class Glance:
    """A wallet as a first screen tells it: of what runs out and of what becomes available only the soonest.

    `releases` counts the instants at which pending points become available, the first of them is `released_from`.
    """

    available: int = 0
    pending: int = 0
    held: int = 0
    debt: int = 0
    runs_out: Expiring | None = None
    releases: int = 0
    released_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """A wallet at one instant. `debt` is zero or negative; `expiring` and `releasing` are in time order."""

    available: int = 0
    pending: int = 0
    held: int = 0
    debt: int = 0
    expiring: tuple[Expiring, ...] = ()
    releasing: tuple[Releasing, ...] = ()

    @property
    def liability(self) -> int:
        """The points the programme owes: available, pending and held."""
        return self.available + self.pending + self.held

    def glance(self) -> Glance:
        """Return the wallet without what comes later."""
        return Glance(
            self.available,
            self.pending,
            self.held,
            self.debt,
            runs_out=self.expiring[0] if self.expiring else None,
            releases=len(self.releasing),
            released_from=self.releasing[0].release_at if self.releasing else None,
        )
