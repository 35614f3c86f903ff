"""A purchase opened a right for later ones: an offer, so it is marketing.

Example: −20 % on plants through 3 April – «Открыто: −20 % на растения».
"""

from datetime import date

from portal.notifications.kinds.base import DAY, Facts, Kind, Words, either
from portal.notifications.topics import OFFERS
from portal.rulebook.explain.voice import Voice


def write(facts: Facts, voice: Voice) -> Words:
    title, day = voice.title(facts["title"]), voice.day(date.fromisoformat(facts["last_day"]))
    return Words(
        title=either(voice, ru=f"Открыто: {title}", en=f"Open to you: {title}"),
        body=either(
            voice,
            ru=f"До {day} включительно. Покажите карту на кассе.",
            en=f"Until {day} inclusive. Show the card at the till.",
        ),
        why=either(voice, ru="Это открыла ваша покупка.", en="Your purchase opened it."),
        action=either(voice, ru="Показать карту", en="Show the card"),
        path="/card",
    )


KIND = Kind(
    name="privilege_opened",
    topic=OFFERS,
    ttl=DAY,
    urgency="low",
    important=True,
    write=write,
    example={"title": {"ru": "−20 % на растения", "en": "20% off plants"}, "last_day": "2026-04-03"},
)
