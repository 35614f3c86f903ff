"""What a rulebook promises about friends and agents, and cannot keep."""

from collections.abc import Iterator

from portal.rulebook.conditions.segment import Segment
from portal.rulebook.document import Rulebook
from portal.rulebook.effects import AccrualEffect
from portal.rulebook.linter.facts import ShopFacts
from portal.rulebook.linter.findings import Finding, conditions_of, effects_of, error, warning


def unknown_splits(rulebook: Rulebook, _: ShopFacts) -> Iterator[Finding]:
    """Ask that every split an agent may give is a segment by which some rule rewards agents."""
    rewarding = [rule for rule, _, effect in effects_of(rulebook) if _is_for(effect, "agent")]
    known = {
        name for rule in rewarding for _, each in conditions_of(rule) if isinstance(each, Segment) for name in each.in_
    }
    for i, name in enumerate(rulebook.referral.agent_splits if rulebook.referral else ()):
        if name not in known:
            text = f"No rule rewards an agent for the segment {name!r}, so nobody is offered this split."
            yield error(f"referral.agent_splits[{i}]", "unknown-split", text)


def short_wait(rulebook: Rulebook, _: ShopFacts) -> Iterator[Finding]:
    """Warn of a reward for bringing somebody that can be spent before the goods can no longer come back."""
    referral = rulebook.referral
    if referral is None or not referral.referrer_points:
        return
    if referral.referrer_bonus_when == "joined":
        text = "It is given for joining alone: somebody may join many times over to earn it."
        yield warning("referral.referrer_bonus_when", "reward-for-joining", text)
    elif referral.kept_days == 0:
        yield warning("referral.kept_days", "no-wait", "The reward can be spent before the goods can come back.")


def _is_for(effect: object, to: str) -> bool:
    return isinstance(effect, AccrualEffect) and effect.to == to


CHECKS = (unknown_splits, short_wait)
