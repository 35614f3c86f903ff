"""A tier is about to be lost for want of a little: what is left and until when.

Example: 2 000.00 left to keep Gold until 30 June – «Ещё 2 000 ₽, чтобы сохранить Gold».
"""

from datetime import date
from typing import Any, cast

from portal.notifications.kinds.base import DAY, Facts, Kind, Words, either
from portal.notifications.topics import PURCHASES
from portal.rulebook.explain.tiers import explain_left
from portal.rulebook.explain.voice import Voice
from portal.rulebook.tiers import Path


def write(facts: Facts, voice: Voice) -> Words:
    """Name what is left and the last day; say that nothing is lost by waiting but the tier."""
    left, tier, day = (
        told_left(facts, voice),
        voice.title(facts["tier"]),
        voice.day(date.fromisoformat(facts["last_day"])),
    )
    return Words(
        title=either(voice, ru=f"Ещё {left}, чтобы сохранить {tier}", en=f"{left} more to keep {tier}"),
        body=either(
            voice,
            ru=f"Последний день\u00a0– {day}. Если не успеете, уровень станет ниже, а баллы останутся.",
            en=f"The last day is {day}. Should you not make it, the tier gets lower, and the points stay.",
        ),
        why=either(
            voice,
            ru="Уровень подтверждается покупками каждого периода.",
            en="A tier is confirmed by the purchases of each period.",
        ),
        action=either(voice, ru="Мой уровень", en="My tier"),
        path="/tier",
    )


def told_left(facts: Facts, voice: Voice) -> str:
    """Write what is left of the goal in the facts."""
    metric: Any = facts["metric"]
    return explain_left(Path(metric=cast("Any", metric), value=facts["value"], goal=facts["goal"]), voice)


KIND = Kind(
    name="tier_keep",
    topic=PURCHASES,
    ttl=7 * DAY,
    patient=True,
    important=True,
    write=write,
    example={"tier": "Gold", "metric": "spend", "value": 800_000, "goal": 1_000_000, "last_day": "2026-06-30"},
)
