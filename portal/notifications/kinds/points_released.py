"""Points that waited can be spent.

Example: 120 points – «Можно тратить: 120 баллов».
"""

from portal.notifications.kinds.base import HOUR, Facts, Kind, Words, either
from portal.notifications.topics import POINTS
from portal.rulebook.explain.voice import Voice


def write(facts: Facts, voice: Voice) -> Words:
    points = voice.points(facts["points"])
    return Words(
        title=either(voice, ru=f"Можно тратить: {points}", en=f"Ready to spend: {points}"),
        body=either(
            voice,
            ru="Баллы за прошлые покупки стали доступны. Чтобы заплатить ими, покажите карту на кассе.",
            en="Points of earlier purchases became available. To pay with them, show the card at the till.",
        ),
        why=either(voice, ru="Срок ожидания ваших баллов закончился.", en="Your points waited long enough."),
        action=either(voice, ru="Показать карту", en="Show the card"),
        path="/card",
    )


KIND = Kind(
    name="points_released", topic=POINTS, ttl=12 * HOUR, patient=True, write=write, example={"points": 120}
)  # fmt: skip
