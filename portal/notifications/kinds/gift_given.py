"""The shop gave a member something: a gift, a coupon, points for an occasion. It is an offer, so it is marketing.

Example: a sheet mask through 3 April – «Вам подарок: тканевая маска».
"""

from datetime import date

from portal.notifications.kinds.base import DAY, Facts, Kind, Words, either
from portal.notifications.topics import OFFERS
from portal.rulebook.explain.voice import Voice


def write(facts: Facts, voice: Voice) -> Words:
    """Name it by its title; points that have none by how many they are."""
    title = voice.title(facts["title"]) if "title" in facts else voice.points(facts["points"])
    last = facts["last_day"]
    until = voice.day(date.fromisoformat(last)) if last else ""
    return Words(
        title=either(voice, ru=f"Вам подарок: {title}", en=f"For you: {title}"),
        body=either(
            voice,
            ru=f"До {until} включительно. Покажите карту на кассе." if last else "Покажите карту на кассе.",
            en=f"Until {until} inclusive. Show the card at the till." if last else "Show the card at the till.",
        ),
        why=either(voice, ru="Так решил магазин.", en="The shop decided so."),
        action=either(voice, ru="Посмотреть", en="Look"),
        path="/offers",
    )


KIND = Kind(
    name="gift_given",
    topic=OFFERS,
    ttl=DAY,
    urgency="low",
    important=True,
    write=write,
    example={"title": {"ru": "тканевая маска", "en": "a sheet mask"}, "last_day": "2026-04-03"},
)
