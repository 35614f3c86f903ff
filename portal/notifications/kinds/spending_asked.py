"""A till asks whether points may be spent.

Example: 200 points at S1 – «Списать 200 баллов?».
"""

from datetime import timedelta

from portal.notifications.kinds.base import Facts, Kind, Words, either
from portal.notifications.topics import SECURITY
from portal.rulebook.explain.voice import Voice


def write(facts: Facts, voice: Voice) -> Words:
    """Ask before anything is taken; who is not at the till learns that somebody named their card."""
    points = voice.points(facts["points"])
    return Words(
        title=either(voice, ru=f"Списать {points}?", en=f"Spend {points}?"),
        body=either(
            voice,
            ru=f"Касса магазина {facts['store']} ждёт ответа две минуты. Без вашего «да» ничего не спишется.",
            en=f"A till of {facts['store']} waits two minutes for your answer. Nothing is taken without your yes.",
        ),
        why=either(
            voice, ru="На кассе назвали вашу карту или ваш телефон.", en="Somebody named your card or phone at a till."
        ),
        action=either(voice, ru="Ответить", en="Answer"),
        path=f"/approve/{facts['approval']}",
    )


KIND = Kind(
    name="spending_asked",
    topic=SECURITY,
    ttl=timedelta(minutes=2),
    urgency="high",
    priority=1,
    direct=True,
    write=write,
    example={"approval": "06E5Y0V6ZR4BQ1H0T3W8K2M9NC", "points": 200, "store": "S1"},
)
