"""What is left to a tier, in words (domain.md §4.2)."""

from portal.money import CURRENCIES
from portal.rulebook.explain.voice import Voice
from portal.rulebook.tiers import Path, Tier


def tier_title(tier: Tier, voice: Voice) -> str:
    """Return what members call a tier; one without a title is called by its id."""
    return voice.title(tier.title) or tier.id.replace("_", " ").capitalize()


def explain_left(path: Path, voice: Voice) -> str:
    """Return how much is left: `480 ₽`, `1 покупка`, `один чек от 5 000 ₽`."""
    if path.metric == "spend":
        return whole_money(path.left, voice)
    if path.metric == "max_receipt":
        return voice.say("tier_one_receipt", money=whole_money(path.goal, voice))
    return voice.counted(
        {"purchases": "purchases", "referrals": "friends", "quests_done": "quests"}[path.metric], path.left
    )


def explain_path(path: Path, tier: Tier, voice: Voice) -> str:
    """Say `Ещё 480 ₽ до Like`, `480 ₽ more to Like`."""
    return voice.say("tier_up", left=explain_left(path, voice), tier=tier_title(tier, voice))


def explain_keep(path: Path, tier: Tier, voice: Voice) -> str:
    """Say `До 30 июня ещё 2 000 ₽, чтобы сохранить Like`."""
    day = voice.day(path.last_day) if path.last_day else ""
    return voice.say("tier_keep", day=day, left=explain_left(path, voice), tier=tier_title(tier, voice))


def whole_money(minor: int, voice: Voice) -> str:
    """Write money without decimals where there are none: `480 ₽`, `480,50 ₽`."""
    text, exponent = voice.money(minor), CURRENCIES[voice.currency].exponent
    zeros = voice.money(0)
    mark = next((each for each in zeros if each in ",."), "")
    return text.replace(mark + "0" * exponent, "", 1) if exponent and minor % 10**exponent == 0 else text
