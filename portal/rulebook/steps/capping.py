"""What caps leave of points, money and uses."""

from portal.rulebook.compiled import CompiledRule, ScopedCap, Unit
from portal.rulebook.situation import Situation


def tightest(
    caps: tuple[ScopedCap, ...], *, unit: Unit, rule: CompiledRule, situation: Situation
) -> tuple[int, str] | None:
    """Return what the tightest cap leaves and its scope, ties to the first, or None without caps."""
    if not caps:
        return None
    lefts = [(max(0, cap.most - _used(cap, unit, rule, situation)), cap.scope) for cap in caps]
    return min(lefts, key=lambda left: left[0])


def _used(cap: ScopedCap, unit: Unit, rule: CompiledRule, situation: Situation) -> int:
    """Return how much was used before this receipt; a guest's use is not counted, nor another day's use of a day."""
    member = situation.member
    if member is None or cap.scope == "receipt":
        return 0
    if cap.scope == "member_day" and member.usage_day not in (None, situation.day):
        return 0
    used = member.usage.get(rule.id, {}).get(cap.scope, 0)
    return used if isinstance(used, int) else int(getattr(used, unit))
