"""Step 6: points on what is left after discounts and points, of a group `best` only the most."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from portal.rulebook.compiled import Accrual, CompiledRule, CompiledRulebook
from portal.rulebook.effects.base import Beneficiary, Earning
from portal.rulebook.member_state import MemberState
from portal.rulebook.situation import Situation
from portal.rulebook.steps.blocks import Blocks, note_blocked
from portal.rulebook.steps.granting import Draft, grant, settle
from portal.rulebook.steps.trace import Trace

_MISSING: dict[Beneficiary, str] = {"member": "no_member", "referrer": "no_referrer", "agent": "no_agent"}


@dataclass(slots=True)
class Earned:
    """What a rule gives on this receipt: its drafts, the points they come to, and why effects gave nothing."""

    rule: CompiledRule
    drafts: list[Draft] = field(default_factory=list[Draft])
    points: int = 0
    misses: list[str] = field(default_factory=list[str])


def accrue(
    book: CompiledRulebook, rules: Sequence[CompiledRule], situation: Situation, blocks: Blocks, trace: Trace
) -> dict[str, list[Draft]]:
    """Grant what the rules give; return their drafts by rule, exact and before caps, for the multipliers."""
    positions = blocks.open_to_accrual()
    earned = [_earn(book, rule, situation, positions) for rule in rules if rule.accruals]
    for each in earned:
        rule = each.rule
        if rule.group_mode == "best" and rule.group is not None:
            if rule.group not in trace.winners:
                trace.winners[rule.group] = _most(earned, rule.group)
            if trace.winners[rule.group] is not rule:
                trace.drop(rule, trace.winners[rule.group])
                each.drafts = []
                continue
        grant(book, each.drafts, situation, trace)
        for reason in each.misses:
            trace.skip(rule, reason)
        if blocks.accrual and not each.drafts and not each.misses and _would_earn(rule, situation, blocks):
            note_blocked(rule, blocks.accrual, trace)
    return {each.rule.id: each.drafts for each in earned}


def _most(earned: Sequence[Earned], group: str) -> CompiledRule:
    """Return the group's rule that gives most points, the earliest of equals."""
    return max((each for each in earned if each.rule.group == group), key=lambda each: each.points).rule


def _earn(book: CompiledRulebook, rule: CompiledRule, situation: Situation, positions: Sequence[int]) -> Earned:
    """Work out a rule's drafts; effects for the same beneficiary, wallet and terms are one draft, rounded once."""
    earned = Earned(rule)
    redeemed = book.redemption.no_accrual_when_redeeming and any(situation.bill.points)
    for accrual in rule.accruals:
        to = _beneficiary(accrual, situation.member)
        if to is None:
            if accrual.level == 1:
                earned.misses.append(_MISSING[accrual.to])
        elif redeemed and accrual.to == "member":
            earned.misses.append("no_accrual_when_redeeming")
        else:
            earning = accrual.earns(situation.bill, positions)
            if earning.lines or earning.fixed:
                _join(earned.drafts, rule, accrual, earning, to=to)
    earned.points = settle(rule, earned.drafts, situation, rounding=book.rounding)
    return earned


def _beneficiary(accrual: Accrual, member: MemberState | None) -> str | None:
    if member is None:
        return None
    if accrual.to == "referrer":
        return member.upline[accrual.level - 1] if accrual.level <= len(member.upline) else None
    return member.id if accrual.to == "member" else member.agent


def _join(drafts: list[Draft], rule: CompiledRule, accrual: Accrual, earning: Earning, *, to: str) -> None:
    """Add what an effect earns to the draft on the same terms, or begin one."""
    for draft in drafts:
        given = (draft.to, draft.beneficiary, draft.wallet, draft.lifetime)
        if given == (to, accrual.to, accrual.wallet, accrual.lifetime):
            draft.earning.add(earning)
            draft.how, draft.rate_bp = "mixed", None
            return
    drafts.append(
        Draft(
            rule=rule,
            to=to,
            beneficiary=accrual.to,
            wallet=accrual.wallet,
            lifetime=accrual.lifetime,
            scale=accrual.scale,
            earning=earning,
            how=accrual.how,
            rate_bp=accrual.rate_bp,
        )
    )


def _would_earn(rule: CompiledRule, situation: Situation, blocks: Blocks) -> bool:
    earnings = [accrual.earns(situation.bill, blocks.everything) for accrual in rule.accruals]
    return any(earning.lines or earning.fixed for earning in earnings)
