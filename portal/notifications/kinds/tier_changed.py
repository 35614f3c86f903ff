"""A member has risen to a tier, or stands on a lower one from now on.

Example: risen to Like, which gives −10 % – «Ваш уровень – Like».
"""

from portal.notifications.kinds.base import DAY, Facts, Kind, Words, either
from portal.notifications.topics import PURCHASES
from portal.rulebook.explain.voice import Voice


def write(facts: Facts, voice: Voice) -> Words:
    """Say what the tier gives from the next receipt on, or why it is lower and that nothing else was lost."""
    tier = voice.title(facts["tier"])
    if facts["up"]:
        title = either(voice, ru=f"Ваш новый уровень\u00a0– {tier}", en=f"Your new tier is {tier}")
    else:
        title = either(voice, ru=f"Теперь ваш уровень\u00a0– {tier}", en=f"Your tier is {tier} now")
    return Words(
        title=title,
        body=_risen(facts, voice) if facts["up"] else _fallen(facts, voice),
        why=either(voice, ru="Ваш уровень изменился.", en="Your tier has changed."),
        action=either(voice, ru="Мой уровень", en="My tier"),
        path="/tier",
    )


def _risen(facts: Facts, voice: Voice) -> str:
    benefits = "; ".join(voice.title(each) for each in facts["benefits"])
    gives = f" {benefits}." if benefits else ""
    return either(
        voice, ru=f"Действует со следующей покупки.{gives}", en=f"It works from your next purchase on.{gives}"
    )


def _fallen(facts: Facts, voice: Voice) -> str:
    if facts["cause"] == "refund":
        return either(
            voice,
            ru="Вы вернули покупку, которая подняла уровень. Баллы и история остаются.",
            en="You brought back the purchase that raised the tier. Points and history stay.",
        )
    if facts["cause"] in ("manual", "manual_ended"):
        return either(
            voice,
            ru="Уровень, который вам дал магазин, больше не действует. Баллы и история остаются.",
            en="The tier that the shop gave you does not hold any more. Points and history stay.",
        )
    return either(
        voice,
        ru="За прошлый период покупок не хватило, чтобы его сохранить. Баллы остаются, а подняться можно снова.",
        en="The purchases of the last period were not enough to keep it. Points stay, and you can rise again.",
    )


KIND = Kind(
    name="tier_changed",
    topic=PURCHASES,
    ttl=DAY,
    patient=True,
    write=write,
    example={"tier": "Like", "benefits": ["−10 %"], "up": True, "cause": "rise"},
)
