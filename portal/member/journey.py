"""The way in, kept in this browser's signed cookie from the contact to the code to the first welcome."""

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import session as cookie

from portal.members.contacts import Contact, read_contact

KEY = "way_in"
PROOF_HOLDS = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class WayIn:
    """Where a visitor is on the way in.

    `marker` binds the code to this browser. `proof` is the id of the code that was typed right and `proven_at` when, in
    seconds. `till_code` came with the address that a till's screen showed. `shown_code` is set in a demo alone, where
    nothing is sent.
    """

    contact_text: str = field(repr=False)
    marker: str = field(repr=False)
    leads_to: str = "/home"
    till_code: str = field(default="", repr=False)
    shown_code: str | None = field(default=None, repr=False)
    proof: str | None = None
    proven_at: float = 0

    @property
    def contact(self) -> Contact:
        return read_contact(self.contact_text)

    def proven(self, *, now: datetime) -> bool:
        """Tell whether a right code was typed here lately."""
        return self.proof is not None and now.timestamp() - self.proven_at < PROOF_HOLDS.total_seconds()


def begin(way: WayIn) -> None:
    """Keep where the visitor is now."""
    cookie[KEY] = asdict(way)


def current_way() -> WayIn | None:
    kept: dict[str, Any] | None = cookie.get(KEY)
    return WayIn(**kept) if kept else None


def end() -> None:
    cookie.pop(KEY, None)
