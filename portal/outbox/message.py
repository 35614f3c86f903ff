"""A message to one person, before it is put into words."""

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from portal.outbox.job import Document

Channel: TypeAlias = Literal["email", "sms"]


@dataclass(frozen=True, slots=True)
class Message:
    """What to tell whom: the worker puts it into words from `templates/email/<template>.*` when it sends it."""

    channel: Channel
    recipient: str
    template: str
    language: str
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def job_kind(self) -> str:
        """Return the kind of job that sends it."""
        return f"send_{self.channel}"


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in words; `html` is None for an SMS. `unsubscribe` is where news by e-mail are ended by one POST."""

    recipient: str
    subject: str
    text: str
    html: str | None
    unsubscribe: str | None = None


def read_message(arguments: Document) -> Message:
    """Read the arguments of a job made by `operations.post`."""
    return Message(**arguments)
