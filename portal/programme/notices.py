"""What a story wants a member to know: put into the outbox with it, as one job (architecture.md §3, outbox)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.db import Batch, epoch, instant
from portal.notifications.kinds import Facts
from portal.outbox import operations as outbox
from portal.outbox.job import Document

NOTIFY = "notify"
"""The kind of the jobs that tell a member something."""
NOTIFY_ALIKE = "notify_alike"
"""The kind of the jobs that tell many members the same."""
_SHARE_A_JOB = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message to be: `cause` names what it is about, told once for each kind; `at` is when that happened."""

    kind: str
    cause: str
    facts: Facts
    at: datetime
    not_after: datetime | None = None


def announce(batch: Batch, member_id: str, notices: Sequence[Notice], *, now: datetime) -> None:
    """Have a member told, after the transaction of this batch has committed; nothing is added for no notices."""
    if notices:
        told = {"member": member_id, "notices": [_document(notice) for notice in notices]}
        outbox.enqueue(batch, NOTIFY, arguments=told, now=now)


def announce_alike(batch: Batch, member_ids: Sequence[str], notice: Notice, *, now: datetime) -> None:
    """Have many members told the same, a thousand by one job."""
    for first in range(0, len(member_ids), _SHARE_A_JOB):
        members = list(member_ids[first : first + _SHARE_A_JOB])
        outbox.enqueue(
            batch, NOTIFY_ALIKE, arguments={"members": members, "notices": [_document(notice)]}, now=now
        )  # fmt: skip


def read_notices(arguments: Document) -> list[Notice]:
    """Read the notices of a job made by `announce` or `announce_alike`."""
    return [_notice(told) for told in arguments["notices"]]


def _document(notice: Notice) -> dict[str, Any]:
    return {
        "kind": notice.kind,
        "cause": notice.cause,
        "facts": dict(notice.facts),
        "at": epoch(notice.at),
        "not_after": None if notice.not_after is None else epoch(notice.not_after),
    }


def _notice(told: Mapping[str, Any]) -> Notice:
    last = told["not_after"]
    return Notice(
        kind=told["kind"],
        cause=told["cause"],
        facts=told["facts"],
        at=instant(told["at"]),
        not_after=None if last is None else instant(last),
    )
