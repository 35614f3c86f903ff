"""Another phone or e-mail leads to the card. The old one gets a letter of its own.

Example: another phone – «Изменён телефон».
"""

from portal.notifications.kinds.base import DAY, Facts, Kind, Words, either
from portal.notifications.topics import SECURITY
from portal.rulebook.explain.voice import Voice


def write(facts: Facts, voice: Voice) -> Words:
    """Tell what changed and what it stops; the contact itself is not said."""
    phone = facts["contact"] == "phone"
    return Words(
        title=either(
            voice,
            ru="Изменён телефон" if phone else "Изменён e-mail",
            en="Your phone was changed" if phone else "Your e-mail was changed",
        ),
        body=either(
            voice,
            ru="Сутки баллы можно копить, но не тратить. Если это были не вы, сразу скажите магазину.",
            en="For a day points can be earned but not spent. If it was not you, tell the shop at once.",
        ),
        why=either(voice, ru="У вашей карты другой контакт.", en="Your card has another contact."),
        action=either(voice, ru="Что знает магазин", en="What the shop knows"),
        path="/profile",
    )


KIND = Kind(
    name="contact_changed",
    topic=SECURITY,
    ttl=DAY,
    priority=10,
    important=True,
    write=write,
    example={"contact": "phone"},
)
