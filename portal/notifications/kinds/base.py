"""What a kind of message is, and its words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, TypeAlias

from portal.notifications.topics import Topic
from portal.rulebook.explain.voice import Voice

Facts: TypeAlias = Mapping[str, Any]
"""What a message tells, as JSON: figures, days as `2026-03-15`, instants as ISO texts; never names or contacts."""

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A message in one language. `why` says why it came; `action` names where `path`, one of our pages, leads."""

    title: str
    body: str
    why: str
    action: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of message: what it is about, how it travels, and how its facts are put into words.

    `ttl` is how long it is worth delivering, `urgency` is that of a push message (pwa.md §1.7). Of two at the same
    instant the smaller `priority` goes first. A tap on the note of a `direct` one opens its own page, not the inbox.
    A `patient` one is told when the member's quiet hours are over, though it is no marketing. An `important` one is
    worth a letter where no phone takes it. `example` are facts as they may be.
    """

    name: str
    topic: Topic
    ttl: timedelta
    urgency: Literal["high", "normal", "low"] = "normal"
    priority: int = 100
    patient: bool = False
    direct: bool = False
    important: bool = False
    write: Callable[[Facts, Voice], Words]
    example: Facts


def either(voice: Voice, *, ru: str, en: str) -> str:
    """Return the words of the voice's language."""
    return ru if voice.language == "ru" else en
