"""Points run out in ten days.

Example: 120 points, the last day is 15 March – «До 15 марта включительно: 120 баллов».
"""

from datetime import date

from portal.notifications.kinds.base import DAY, Facts, Kind, Words, either
from portal.notifications.topics import POINTS
from portal.rulebook.explain.voice import Voice


def write(facts: Facts, voice: Voice) -> Words:
    """Tell the day and what to do; nothing is praised, it would be advertising."""
    points, day = voice.points(facts["points"]), voice.day(date.fromisoformat(facts["last_day"]))
    return Words(
        title=either(voice, ru=f"До {day} включительно: {points}", en=f"Until {day} inclusive: {points}"),
        body=either(
            voice,
            ru="Потом эти баллы сгорят. Чтобы этого не случилось, заплатите ими: покажите карту на кассе. "
            "Первыми уходят те, чей срок ближе.",
            en="After that these points expire. To keep their worth, pay with them: show the card at the till. "
            "Those that end first go first.",
        ),
        why=either(
            voice, ru="Мы напоминаем за 10 дней до конца срока.", en="You are reminded 10 days before points end."
        ),
        action=either(voice, ru="Показать карту", en="Show the card"),
        path="/card",
    )


KIND = Kind(
    name="points_expiring",
    topic=POINTS,
    ttl=DAY,
    patient=True,
    important=True,
    write=write,
    example={"points": 120, "last_day": "2026-03-15"},
)
