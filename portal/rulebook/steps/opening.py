"""Step 8: what the receipt opens for later, and what it uses up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from portal.rulebook.compiled import CompiledRule, CompiledRulebook
from portal.rulebook.conditions.privilege import holds_privilege
from portal.rulebook.outcome import IssuedCoupon, Unlocked
from portal.rulebook.situation import Situation
from portal.rulebook.steps.trace import Trace
from portal.rulebook.validity import midnight_after


@dataclass(frozen=True, slots=True)
class Used:
    """What rules that did something relied on and used up, each once, in rule order."""

    privileges: tuple[str, ...]
    coupons: tuple[str, ...]
    segments: tuple[str, ...]
    birthday: int | None


_NOTHING = Used((), (), (), None)


def open_for_later(book: CompiledRulebook, rules: Sequence[CompiledRule], situation: Situation, trace: Trace) -> None:
    """Open privileges and issue coupons; they work from the next receipt."""
    for rule in rules:
        if not rule.unlocks and not rule.coupons:
            continue
        if situation.member is None:
            trace.skip(rule, "no_member")
            continue
        for covers, unlock in rule.unlocks:
            if covers is None or any(covers(line) for line in situation.bill.lines):
                until = midnight_after(situation.day + timedelta(days=unlock.valid_days), book.zone)
                trace.unlocked.append(Unlocked(rule=rule.id, privilege=unlock.privilege, until=until, uses=unlock.uses))
                trace.worked.add(rule.id)
        for coupon in rule.coupons:
            until = midnight_after(situation.day + timedelta(days=coupon.valid_days), book.zone)
            trace.coupons.append(IssuedCoupon(rule=rule.id, template=coupon.template, until=until))
            trace.worked.add(rule.id)


def used_up(rules: Sequence[CompiledRule], situation: Situation, trace: Trace) -> Used:
    """Return what the rules that did something used up; a privilege that opened nothing is kept."""
    worked = [rule for rule in rules if rule.relies and rule.id in trace.worked]
    if not worked:
        return _NOTHING
    segments = situation.member.segments if situation.member else ()
    consumed = [rule.rule.consumes for rule in worked]
    shown = [coupon.shown(situation) for rule in worked for coupon in rule.coupons_asked]
    relied = [name for rule in worked if rule.segments_asked for name in segments if name in rule.segments_asked]
    years = [birthday.year_kept(situation) for rule in worked for birthday in rule.birthdays_asked]
    return Used(
        privileges=tuple(dict.fromkeys(name for name in consumed if name and holds_privilege(situation, name))),
        coupons=tuple(dict.fromkeys(code for code in shown if code)),
        segments=tuple(dict.fromkeys(relied)),
        birthday=next((year for year in years if year), None),
    )
