"""Step 5: how many points pay, and for which lines (domain.md §1.4)."""

from collections.abc import Sequence

from portal.money import BASIS_POINTS
from portal.rulebook.amounts import allocate
from portal.rulebook.compiled import CompiledRule, CompiledRulebook
from portal.rulebook.effects.base import covered
from portal.rulebook.outcome import Limits
from portal.rulebook.points import POINTS
from portal.rulebook.situation import Bill, Situation
from portal.rulebook.steps.blocks import Blocks


def pay_by_points(
    book: CompiledRulebook, rules: Sequence[CompiledRule], situation: Situation, blocks: Blocks
) -> Limits:
    """Pay by whole points per line what the member asks for and the rulebook allows; return what was possible."""
    bill, redemption = situation.bill, book.redemption
    bill.paid = bill.net
    positions = blocks.open_to_redemption()
    caps = [bill.net[i] // book.worth for i in positions]
    share = _lower(rules, bill, positions, share_bp=redemption.max_share_bp, caps=caps, worth=book.worth)
    judged = sum(bill.net) if redemption.share_base == "receipt" else sum(bill.net[i] for i in positions)
    by_share = judged * share // (BASIS_POINTS * book.worth)
    by_cash = max(0, sum(bill.net) - redemption.min_cash) // book.worth
    most = _stepped(book, min(by_share, sum(caps), by_cash))
    available = situation.member.balance.get(POINTS, 0) if situation.member else 0
    asked = most if situation.receipt.points_requested == "max" else situation.receipt.points_requested
    if asked and available and (points := _stepped(book, min(asked, available, most))):
        _spend(bill, positions, points=points, caps=caps, worth=book.worth)
    return Limits(available=available, max_points=most, step=redemption.step)


def _lower(
    rules: Sequence[CompiledRule], bill: Bill, positions: Sequence[int], *, share_bp: int, caps: list[int], worth: int
) -> int:
    """Apply the rules' limits: of lines to the lines' caps, in place, of the receipt to the share returned."""
    for rule in rules:
        for covers, limit in rule.limits:
            if covers is None:
                share_bp = min(share_bp, limit)
                continue
            meant = set(covered(bill, positions, covers))
            for k, i in enumerate(positions):
                if i in meant:
                    caps[k] = min(caps[k], bill.net[i] * limit // (BASIS_POINTS * worth))
    return share_bp


def _stepped(book: CompiledRulebook, points: int) -> int:
    """Round down to the step; fewer than the least that may be spent are none."""
    points -= points % book.redemption.step
    return points if points >= book.redemption.min_points else 0


def _spend(bill: Bill, positions: Sequence[int], *, points: int, caps: list[int], worth: int) -> None:
    bill.paid = bill.net.copy()
    for i, part in zip(positions, allocate(points, [bill.net[i] for i in positions], caps), strict=True):
        bill.points[i] = part
        bill.paid[i] -= part * worth
