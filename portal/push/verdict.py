"""What an answer of a push service means for the note, for the browser and for the service (RFC 8030)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal, TypeAlias

from portal.outbox import backoff

Fate: TypeAlias = Literal["delivered", "gone", "late", "rest", "refused", "failed", "bug"]

REST = timedelta(minutes=1)
LONGEST_REST = timedelta(hours=1)
_FATES: dict[int, Fate] = {404: "gone", 410: "gone", 401: "refused", 403: "refused"}
_RESTS = {406, 429, 503}  # 406 is how Windows' service says 429


@dataclass(frozen=True, slots=True)
class Verdict:
    """Say what became of a note.

    `delivered`: done. `gone`: the browser takes no notes any more. `late`: its time was over before it was sent.
    `rest`: the whole service wants to be left alone for a while. `refused`: it does not believe who we are, somebody
    must look. `failed`: this one may be tried again. `bug`: it will never be taken as it is. `wait` says after how long
    to come again; None when there is nothing to come again for.
    """

    fate: Fate
    wait: timedelta | None = None
    error: str | None = None


def judge(status: int, *, retry_after: str | None, attempts: int, now: datetime) -> Verdict:
    """Judge an answer to the given attempt at a note."""
    if 200 <= status < 300:
        return Verdict("delivered")
    error = f"answered {status}"
    if status in _RESTS:
        return Verdict("rest", wait=_rest(retry_after, now=now), error=error)
    fate = _FATES.get(status, "failed" if status >= 500 else "bug")
    if fate == "gone":
        return Verdict(fate)
    return Verdict(fate, wait=None if fate == "bug" else later(attempts), error=error)


def unreachable(trouble: Exception, *, attempts: int) -> Verdict:
    """Judge a service that gave no answer; the words of the trouble may quote an address and are left out."""
    return Verdict("failed", wait=later(attempts), error=type(trouble).__name__)


def later(attempts: int) -> timedelta | None:
    """Return when to try again after so many attempts; None when it was tried often enough."""
    return None if backoff.exhausted(attempts) else backoff.delay(attempts)


def _rest(retry_after: str | None, *, now: datetime) -> timedelta:
    """Read `Retry-After`, seconds or a date; at least a second and at most an hour, a minute when it says nothing."""
    told = (retry_after or "").strip()
    if told.isdecimal():
        asked = timedelta(seconds=min(int(told), 10**6))
    else:
        try:
            asked = parsedate_to_datetime(told).astimezone(UTC) - now
        except ValueError:
            asked = REST
    return min(max(asked, timedelta(seconds=1)), LONGEST_REST)
