"""The text that is sealed: Declarative Web Push (pwa.md §1.7), which Safari shows by itself and our worker reads.

`web_push` is a number, `navigate` and `icon` are absolute and `app_badge` is a number inside `notification`: one wrong
type, and Safari takes none of it.
"""

from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json

from portal.errors import Refused
from portal.push.note import PushNote

MOST_BYTES = 3000  # sealed it must fit into 4096, and some services take less


class NoteTooLong(Refused):
    code = "note-too-long"
    text = "A note of %(bytes)s bytes is too long for a phone; %(most)s fit."


@dataclass(frozen=True, slots=True)
class Pictures:
    """Paths of the pictures beside a note: the shop's icon, and the small one-coloured badge Android shows above."""

    icon: str
    badge: str


def check_length(note: PushNote) -> None:
    """Raise `NoteTooLong` for a note that would not fit, at addresses longer than any of ours."""
    write_message(note, origin="https://" + "o" * 100, pictures=Pictures(icon="/" + "i" * 60, badge="/" + "b" * 60))


def write_message(note: PushNote, *, origin: str, pictures: Pictures) -> bytes:
    """Write a note for the members' pages at `origin`. Raises `NoteTooLong`."""
    shown: dict[str, Any] = {
        "title": note.title,
        "body": note.body,
        "navigate": origin + note.path,
        "lang": note.language,
        "tag": note.tag,
        "icon": origin + pictures.icon,
        "badge": origin + pictures.badge,
    }
    if note.badge is not None:
        shown["app_badge"] = note.badge
    text = to_json({"web_push": 8030, "notification": shown})
    if len(text) > MOST_BYTES:
        raise NoteTooLong(bytes=len(text), most=MOST_BYTES)
    return text
