"""The member's state after a receipt, for telling several receipts without a ledger (stories, calculators)."""

from collections.abc import Mapping
from dataclasses import replace

from portal.rulebook.document import POINTS
from portal.rulebook.member_state import HeldPrivilege, LastPurchase, MemberState
from portal.rulebook.outcome import Outcome
from portal.rulebook.receipt import Receipt


def state_after(member: MemberState, receipt: Receipt, outcome: Outcome) -> MemberState:
    """Return the state before the next receipt.

    The purchase is counted, points and gift units move, privileges are used and opened. Points are added whether
    pending or not, and nothing expires; caps' usage, coupons, segments and the tier stay: they need more than this.
    """
    return replace(
        member,
        purchases=member.purchases + 1,
        last_purchase=LastPurchase(at=receipt.at, net=outcome.total - outcome.discount),
        balance=_balance_after(member, outcome),
        privileges=_privileges_after(member, outcome),
        birthdays_used=(*member.birthdays_used, *([outcome.birthday_used] if outcome.birthday_used else [])),
    )


def _balance_after(member: MemberState, outcome: Outcome) -> Mapping[str, int]:
    balance = {POINTS: 0, **member.balance}
    balance[POINTS] -= outcome.points_spent
    for gift in outcome.gifts:
        balance[gift.wallet] -= gift.units
    for grant in outcome.grants:
        if grant.to == member.id:
            balance[grant.wallet] = balance.get(grant.wallet, 0) + grant.points
    return balance


def _privileges_after(member: MemberState, outcome: Outcome) -> tuple[HeldPrivilege, ...]:
    used = [
        replace(held, uses_left=held.uses_left - 1) if held.id in outcome.consumed and held.uses_left else held
        for held in member.privileges
    ]
    opened = [HeldPrivilege(id=each.privilege, until=each.until, uses_left=each.uses) for each in outcome.unlocked]
    return (*(held for held in used if held.uses_left != 0), *opened)
