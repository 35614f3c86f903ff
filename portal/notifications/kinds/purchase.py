"""A purchase brought points.

Example: 120 points that are available from 18 March – «+120 баллов».
"""

from datetime import date

from portal.notifications.kinds.base import HOUR, Facts, Kind, Words, either
from portal.notifications.topics import PURCHASES
from portal.rulebook.explain.voice import Voice


def write(facts: Facts, voice: Voice) -> Words:
    return Words(
        title=f"+{voice.points(facts['points'])}",
        body=_body(facts, voice),
        why=either(voice, ru="На кассе показали вашу карту.", en="Your card was shown at the till."),
        action=either(voice, ru="За что начислено", en="See what for"),
        path=f"/history/{facts['entry']}",
    )


def _body(facts: Facts, voice: Voice) -> str:
    if facts["from_day"] is None:
        return either(voice, ru="За покупку. Доступны сразу.", en="For your purchase. Available at once.")
    day = voice.day(date.fromisoformat(facts["from_day"]))
    return either(voice, ru=f"За покупку. Доступны с {day}.", en=f"For your purchase. Available from {day}.")


KIND = Kind(
    name="purchase",
    topic=PURCHASES,
    ttl=12 * HOUR,
    write=write,
    example={"points": 120, "from_day": "2026-03-18", "entry": 7},
)
