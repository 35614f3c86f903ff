"""Puts the facts of a kind into words, in the shop's clock and in 2026."""

from collections.abc import Mapping
from typing import Any, Literal
from zoneinfo import ZoneInfo

from portal.notifications.kinds import KINDS, Words
from portal.rulebook.explain.voice import NBSP, Voice

Language = Literal["ru", "en"]


def words(kind: str, language: Language, facts: Mapping[str, Any] | None = None, **changed: Any) -> Words:
    """Write an example, or other facts; no-break spaces become plain ones, so that tests can be read."""
    voice = Voice(language=language, currency="RUB", year=2026, zone=ZoneInfo("Europe/Moscow"))
    written = KINDS[kind].write({**(facts or KINDS[kind].example), **changed}, voice)
    plain = {name: getattr(written, name).replace(NBSP, " ") for name in Words.__dataclass_fields__}
    return Words(**plain)
