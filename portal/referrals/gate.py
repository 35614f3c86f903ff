"""Whether somebody counts as brought: the hard reasons, the first one wins (domain.md §5.2)."""

from dataclasses import dataclass
from typing import Literal

Decision = Literal["ok", "self", "existing_member", "same_device", "limit", "cycle", "expired", "refused"]
DECISIONS: tuple[Decision, ...] = ("ok", "self", "existing_member", "same_device", "limit", "cycle", "expired")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What is known when somebody joins by another's code or link.

    `same_person`: the same member or contact; `known_person`: somebody with this contact is or was a member;
    `accepted` counts the referrer's accepted ones of this month; `in_circle`: the newcomer stands above the referrer;
    `days_since_click` is None for a code that was typed in.
    """

    same_person: bool = False
    known_person: bool = False
    same_device: bool = False
    accepted: int = 0
    in_circle: bool = False
    days_since_click: int | None = None


def decide(attempt: Attempt, *, attribution_days: int, monthly_limit: int) -> Decision:
    """Return `ok`, or why the newcomer joins as anybody does; the last of the `attribution_days` counts [5.10]."""
    days = attempt.days_since_click
    reasons: tuple[tuple[bool, Decision], ...] = (
        (attempt.same_person, "self"),
        (attempt.known_person, "existing_member"),
        (attempt.same_device, "same_device"),
        (attempt.accepted >= monthly_limit, "limit"),
        (attempt.in_circle, "cycle"),
        (days is not None and days > attribution_days, "expired"),
    )
    return next((reason for holds, reason in reasons if holds), "ok")
