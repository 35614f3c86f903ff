"""Somebody joined.

Example: 300 points through 18 March – «300 баллов за вступление».
"""

from datetime import date

from portal.notifications.kinds.base import DAY, Facts, Kind, Words, either
from portal.notifications.topics import POINTS
from portal.rulebook.explain.voice import Voice


def write(facts: Facts, voice: Voice) -> Words:
    """Tell the points and their last day; a shop that gives none for joining has its card to show."""
    return Words(
        title=_title(facts, voice),
        body=" ".join(part for part in (_body(facts, voice), _missed(facts, voice)) if part),
        why=either(voice, ru="Вы стали участником программы.", en="You became a member of the programme."),
        action=either(voice, ru="Показать карту", en="Show the card"),
        path="/card",
    )


def _title(facts: Facts, voice: Voice) -> str:
    if not facts["points"]:
        return either(voice, ru="Ваша карта готова", en="Your card is ready")
    points = voice.points(facts["points"])
    return either(voice, ru=f"{points} за вступление", en=f"{points} for joining")


def _body(facts: Facts, voice: Voice) -> str:
    if not facts["points"]:
        return either(voice, ru="Покажите её на кассе.", en="Show it at the till.")
    if facts["last_day"] is None:
        return either(voice, ru="Ими можно платить уже сегодня.", en="You can pay with them from today.")
    day = voice.day(date.fromisoformat(facts["last_day"]))
    return either(
        voice,
        ru=f"Ими можно платить уже сегодня, действуют до {day} включительно.",
        en=f"You can pay with them from today; they are valid until {day} inclusive.",
    )


def _missed(facts: Facts, voice: Voice) -> str:
    """Say why the invitation somebody came by does not count, where it does not."""
    reason = _REASONS.get(facts.get("missed") or "")
    if reason is None:
        return ""
    ru, en = reason
    return either(voice, ru=f"Приглашение не засчитано: {ru}.", en=f"The invitation does not count: {en}.")


_KNOWN = ("этот телефон или контакт нам уже знаком", "this phone or contact is known to us")
_REASONS = {
    "self": _KNOWN,
    "same_device": _KNOWN,
    "existing_member": ("вы уже были участником", "you were a member before"),
    "limit": ("по нему уже пришло столько людей, сколько можно", "as many came by it as may"),
    "expired": ("его срок прошёл", "its time is over"),
}

KIND = Kind(
    name="welcome",
    topic=POINTS,
    ttl=DAY,
    important=True,
    write=write,
    example={"points": 300, "last_day": "2026-03-18"},
)
