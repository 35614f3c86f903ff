"""A purchase was paid with points.

Example: 200 points paid, 15 earned, 85 left – «Оплачено: 200 баллов».
"""

from portal.notifications.kinds.base import HOUR, Facts, Kind, Words, either
from portal.notifications.topics import PURCHASES
from portal.rulebook.explain.voice import Voice


def write(facts: Facts, voice: Voice) -> Words:
    """Tell what went, what came and what is left: whoever did not pay must notice it."""
    points = voice.points(facts["points"])
    return Words(
        title=either(voice, ru=f"Оплачено: {points}", en=f"{points} paid"),
        body=f"{_balance(facts, voice)} {_doubt(voice)}",
        why=either(voice, ru="На кассе платили баллами с вашей карты.", en="Points of your card paid at the till."),
        action=either(voice, ru="Открыть чек", en="Open the receipt"),
        path=f"/history/{facts['entry']}",
    )


def _balance(facts: Facts, voice: Voice) -> str:
    left = voice.points(facts["left"])
    if not facts["earned"]:
        return either(voice, ru=f"Осталось: {left}.", en=f"Left: {left}.")
    earned = voice.points(facts["earned"])
    return either(
        voice,
        ru=f"Начислено за покупку: {earned}. Осталось: {left}.",
        en=f"Earned by the purchase: {earned}. Left: {left}.",
    )


def _doubt(voice: Voice) -> str:
    return either(
        voice, ru="Если это были не вы, сразу скажите магазину.", en="If it was not you, tell the shop at once."
    )


KIND = Kind(
    name="redemption",
    topic=PURCHASES,
    ttl=12 * HOUR,
    priority=50,
    write=write,
    example={"points": 200, "earned": 15, "left": 85, "entry": 8},
)
