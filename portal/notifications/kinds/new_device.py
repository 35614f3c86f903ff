"""Somebody signed in once more.

Example: Chrome on Android – «Новый вход в вашу карту».
"""

from datetime import datetime

from portal.notifications.kinds.base import DAY, Facts, Kind, Words, either
from portal.notifications.topics import SECURITY
from portal.rulebook.explain.voice import Voice


def write(facts: Facts, voice: Voice) -> Words:
    """Tell which browser and when, on the shop's clock."""
    browser = facts["browser"] or either(voice, ru="Неизвестный браузер", en="An unknown browser")
    at = voice.moment(datetime.fromisoformat(facts["at"]))
    return Words(
        title=either(voice, ru="Новый вход в вашу карту", en="A new sign-in to your card"),
        body=either(
            voice,
            ru=f"{browser}, {at}. Если это были не вы, завершите этот вход и скажите магазину.",
            en=f"{browser}, {at}. If it was not you, sign it out and tell the shop.",
        ),
        why=either(
            voice, ru="Кто-то вошёл по коду, присланному вам.", en="Somebody typed a code that was sent to you."
        ),
        action=either(voice, ru="Где выполнен вход", en="Where you are signed in"),
        path="/profile/devices",
    )


KIND = Kind(
    name="new_device",
    topic=SECURITY,
    ttl=DAY,
    priority=10,
    important=True,
    write=write,
    example={"browser": "Chrome · Android", "at": "2026-03-04T09:30:00+00:00"},
)
