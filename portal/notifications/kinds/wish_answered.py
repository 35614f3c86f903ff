"""The shop answered what the member asked for.

Example: beard oil is there – «Уже в магазине: Масло для бороды».
"""

from portal.notifications.kinds.base import DAY, Facts, Kind, Words, either
from portal.notifications.topics import ANSWERS
from portal.rulebook.explain.voice import Voice


def write(facts: Facts, voice: Voice) -> Words:
    """Tell that it is there, or honestly that it will not be; the thing is named as it was asked for."""
    wish, here = facts["words"], facts["reply"] == "here"
    if here:
        title = either(voice, ru=f"Уже в магазине: {wish}", en=f"In the shop now: {wish}")
        body = either(
            voice, ru="Вы спрашивали – теперь есть. Приходите.", en="You asked for it, and it is here. Come by."
        )
    else:
        title = either(voice, ru=f"Не появится: {wish}", en=f"We will not have it: {wish}")
        body = either(
            voice,
            ru="Вы спрашивали. Честно: у нас этого не будет, поищите в другом месте.",
            en="You asked for it. To be honest: it will not come, please look elsewhere.",
        )
    return Words(
        title=title,
        body=body,
        why=either(voice, ru="Вы об этом просили.", en="You asked for this."),
        action=either(voice, ru="Мои просьбы", en="My wishes"),
        path="/wishes",
    )


KIND = Kind(
    name="wish_answered",
    topic=ANSWERS,
    ttl=DAY,
    patient=True,
    important=True,
    write=write,
    example={"words": "Масло для бороды", "reply": "here"},
)
