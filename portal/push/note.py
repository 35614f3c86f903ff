"""A note for a member's phones, before it is put into a push service's form."""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

Urgency: TypeAlias = Literal["very-low", "low", "normal", "high"]

LONGEST_TTL = 28 * 24 * 3600
_TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")


@dataclass(frozen=True, slots=True)
class PushNote:
    """What a phone shows. It passes through other people's machines, sealed; still, name nobody in it.

    `path` is the page of ours that a tap opens, from its slash on. A later note of the same `tag` takes the place of
    an earlier one on the phone, one of the same `topic` that of one not delivered yet (RFC 8030 §5.4: at most 32
    letters of base64url). `ttl_seconds` after it was posted nobody wants it any more. `badge` is the number on the
    app's icon, None to leave it.
    """

    title: str
    body: str
    path: str
    language: str
    tag: str
    topic: str | None = None
    ttl_seconds: int = 24 * 3600
    urgency: Urgency = "normal"
    badge: int | None = None

    def __post_init__(self) -> None:
        if not self.title or not self.path.startswith("/") or self.path.startswith("//"):
            raise ValueError("a note has a title and leads to a page of ours")
        if self.topic is not None and not _TOPIC.fullmatch(self.topic):
            raise ValueError("a topic is 1 to 32 letters of base64url")
        if not 0 < self.ttl_seconds <= LONGEST_TTL:
            raise ValueError("a note lives for a second up to four weeks")
