"""The member's own holiday: what is open around it, before the day, on it and while it lasts. An offer: marketing.

Example: three days before – «Скоро ваш праздник».
"""

from datetime import date

from portal.notifications.kinds.base import DAY, Facts, Kind, Words, either
from portal.notifications.topics import OFFERS
from portal.rulebook.explain.voice import Voice

_TITLES = {
    "before": ("Скоро ваш праздник", "Your holiday is near"),
    "day": ("С праздником", "A happy holiday"),
    "last": ("Подарок к празднику ещё ждёт", "Your holiday gift still waits"),
}


def write(facts: Facts, voice: Voice) -> Words:
    ru, en = _TITLES[facts["moment"]]
    gives, day = voice.title(facts["gives"]), voice.day(date.fromisoformat(facts["last_day"]))
    return Words(
        title=either(voice, ru=ru, en=en),
        body=either(
            voice,
            ru=f"{gives}: на одну покупку, до {day} включительно. Покажите карту на кассе.",
            en=f"{gives}: for one purchase, until {day} inclusive. Show the card at the till.",
        ),
        why=either(voice, ru="Вы назвали этот день своим праздником.", en="You chose this day as your holiday."),
        action=either(voice, ru="Посмотреть", en="Look"),
        path="/offers",
    )


KIND = Kind(
    name="own_holiday",
    topic=OFFERS,
    ttl=DAY,
    urgency="low",
    important=True,
    write=write,
    example={"moment": "before", "gives": {"ru": "−10 % на всё", "en": "10% off everything"}, "last_day": "2026-03-12"},
)
