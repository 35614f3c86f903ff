"""The next tier is near: what is left, until when, and what it gives. It invites to buy: marketing.

Example: 480.00 left to Like until 31 December – «Ещё 480 ₽ до Like».
"""

from datetime import date

from portal.notifications.kinds.base import DAY, Facts, Kind, Words, either
from portal.notifications.kinds.tier_keep import told_left
from portal.notifications.topics import OFFERS
from portal.rulebook.explain.voice import Voice


def write(facts: Facts, voice: Voice) -> Words:
    """Name what is left, the last day where there is one, and what the tier gives."""
    left, tier = told_left(facts, voice), voice.title(facts["tier"])
    return Words(
        title=either(voice, ru=f"Ещё {left} до {tier}", en=f"{left} more to {tier}"),
        body=" ".join(filter(None, (_until(facts, voice), _gives(facts, voice)))),
        why=either(
            voice,
            ru="До следующего уровня осталось немного. Об этом мы говорим один раз за период.",
            en="Little is left to the next tier. We tell it once in a period.",
        ),
        action=either(voice, ru="Мой уровень", en="My tier"),
        path="/tier",
    )


def _until(facts: Facts, voice: Voice) -> str:
    if facts["last_day"] is None:
        return ""
    day = voice.day(date.fromisoformat(facts["last_day"]))
    return either(voice, ru=f"Последний день\u00a0– {day}.", en=f"The last day is {day}.")


def _gives(facts: Facts, voice: Voice) -> str:
    benefits, tier = "; ".join(voice.title(each) for each in facts["benefits"]), voice.title(facts["tier"])
    if not benefits:
        return either(
            voice, ru="Уровень действует со следующей покупки.", en="The tier works from the next purchase on."
        )
    return either(voice, ru=f"{tier} даёт: {benefits}.", en=f"{tier} gives: {benefits}.")


KIND = Kind(
    name="tier_near",
    topic=OFFERS,
    ttl=7 * DAY,
    urgency="low",
    write=write,
    example={
        "tier": "Like",
        "metric": "spend",
        "value": 1_452_000,
        "goal": 1_500_000,
        "last_day": "2026-12-31",
        "benefits": [{"ru": "7,5 % баллами вместо 5 %", "en": "7.5% back in points instead of 5%"}],
    },
)
