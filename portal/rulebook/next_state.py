"""The member's state after a receipt, for telling several receipts without a ledger (stories, calculators)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from portal.rulebook.document import Rulebook
from portal.rulebook.member_state import HeldPrivilege, LastPurchase, MemberState, Used
from portal.rulebook.moments import in_zone
from portal.rulebook.outcome import Outcome
from portal.rulebook.points import POINTS
from portal.rulebook.receipt import Receipt


def state_after(rulebook: Rulebook, member: MemberState, receipt: Receipt, outcome: Outcome) -> MemberState:
    """Return the state before the next receipt.

    The purchase and the use of caps are counted, points and gift units move, privileges are used and opened. Points are
    added whether pending or not, and nothing expires; coupons, segments and the tier stay: they need more than this.
    """
    at = in_zone(receipt.at, rulebook.zone)
    day = at.date()
    return replace(
        member,
        purchases=member.purchases + 1,
        last_purchase=LastPurchase(at=receipt.at, net=outcome.total - outcome.discount),
        balance=_balance_after(member, outcome),
        privileges=_privileges_after(member, outcome, at=at),
        birthdays_used=(*member.birthdays_used, *([outcome.birthday_used] if outcome.birthday_used else [])),
        usage_day=day,
        usage=_usage_after(member, outcome, same_day=member.usage_day in (None, day)),
    )


def used_by(outcome: Outcome) -> dict[str, Used]:
    """Return what each rule that did something on a receipt uses of its caps."""
    done = [*outcome.grants, *outcome.discounts, *outcome.gifts, *outcome.unlocked, *outcome.coupons]
    return {
        rule: Used(
            points=sum(grant.points for grant in outcome.grants if grant.rule == rule),
            minor=sum(discount.amount for discount in outcome.discounts if discount.rule == rule),
            uses=1,
        )
        for rule in dict.fromkeys(each.rule for each in done)
    }


def _usage_after(member: MemberState, outcome: Outcome, *, same_day: bool) -> dict[str, dict[str, int | Used]]:
    usage: dict[str, dict[str, int | Used]] = {
        rule: {scope: used for scope, used in scopes.items() if same_day or scope != "member_day"}
        for rule, scopes in member.usage.items()
    }
    for rule, now in used_by(outcome).items():
        scopes = usage.setdefault(rule, {})
        for scope in ("member_day", "member_total", "rule_total"):
            scopes[scope] = _added(scopes.get(scope, 0), now)
    return usage


def _added(before: int | Used, now: Used) -> Used:
    """Add uses; a bare number before was in whatever unit the rule's cap has."""
    if isinstance(before, int):
        before = Used(points=before, minor=before, uses=before)
    return Used(points=before.points + now.points, minor=before.minor + now.minor, uses=before.uses + now.uses)


def _balance_after(member: MemberState, outcome: Outcome) -> Mapping[str, int]:
    balance = {POINTS: 0, **member.balance}
    balance[POINTS] -= outcome.points_spent
    for gift in outcome.gifts:
        balance[gift.wallet] -= gift.units
    for grant in outcome.grants:
        if grant.to == member.id:
            balance[grant.wallet] = balance.get(grant.wallet, 0) + grant.points
    return balance


def _privileges_after(member: MemberState, outcome: Outcome, *, at: datetime) -> tuple[HeldPrivilege, ...]:
    """Use each consumed privilege once, of one held twice the one that ends first, and add those opened."""
    held = list(member.privileges)
    for name in outcome.consumed:
        working = (i for i, each in enumerate(held) if each.id == name and each.works(at))
        first = min(working, key=lambda i: _end(held[i], at))
        left = held[first].uses_left
        held[first] = replace(held[first], uses_left=left and left - 1)
    opened = [HeldPrivilege(id=each.privilege, until=each.until, uses_left=each.uses) for each in outcome.unlocked]
    return (*(each for each in held if each.uses_left != 0), *opened)


def _end(held: HeldPrivilege, at: datetime) -> tuple[bool, datetime]:
    """Return the key that puts what ends soonest first and what never ends last, by the clock `at` is read from."""
    until = held.until or at
    return held.until is None, until if until.tzinfo else until.replace(tzinfo=at.tzinfo)
