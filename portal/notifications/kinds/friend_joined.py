"""Somebody a member invited has joined; who it is, the page tells, not a message that a lock screen shows.

Example: 50 points that wait – «Ваш друг присоединился».
"""

from portal.notifications.kinds.base import DAY, Facts, Kind, Words, either
from portal.notifications.topics import POINTS
from portal.rulebook.explain.voice import Voice


def write(facts: Facts, voice: Voice) -> Words:
    """Tell the points, and that they come with the first purchase where they do."""
    return Words(
        title=either(voice, ru="Ваш друг присоединился", en="Your friend has joined"),
        body=_body(facts, voice),
        why=either(voice, ru="Кто-то пришёл по вашему приглашению.", en="Somebody came by your invitation."),
        action=either(voice, ru="Мои приглашения", en="My invitations"),
        path="/invite",
    )


def _body(facts: Facts, voice: Voice) -> str:
    if not facts["points"]:
        return either(voice, ru="Спасибо, что рассказываете о нас.", en="Thank you for telling others about us.")
    points = voice.points(facts["points"])
    if facts["waits"]:
        return either(
            voice,
            ru=f"Первая покупка друга принесёт вам {points}.",
            en=f"Your friend’s first purchase will bring you {points}.",
        )
    return either(voice, ru=f"Вам начислено {points}.", en=f"You have received {points}.")


KIND = Kind(
    name="friend_joined",
    topic=POINTS,
    ttl=DAY,
    patient=True,
    write=write,
    example={"points": 50, "waits": True},
)
