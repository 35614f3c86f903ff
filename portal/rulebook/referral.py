"""What bringing somebody gives and who counts as brought (domain.md §5); percents of purchases are plain rules."""

from typing import Any, Literal

from portal.rulebook.validity import Validity
from portal.rulebook.values import Count, Days, Minor, Model, Name, Reward, Title

REWARD_RULE = "referral"
"""The id of the rule that `Referral.reward_rule` stands for; entries and receipts name it."""


class Referral(Model):
    """Rewards for joining by a friend's code or link, and the limits that keep them honest.

    The referrer's points come by the friend's first purchase of at least `first_purchase_min` and wait `kept_days` for
    it to be kept, or at once with `referrer_bonus_when = "joined"`. The friend gets `referee_points` instead of the
    welcome points. A link counts for `attribution_days`; in a calendar month at most `monthly_limit` friends of one
    member are accepted. `agent_splits` are the segments an agent may give a client for the next sale.
    """

    referrer_points: Reward = 0
    referee_points: Reward | None = None
    referrer_bonus_when: Literal["kept_purchase", "joined"] = "kept_purchase"
    kept_days: Days = 14
    first_purchase_min: Minor = 0
    valid: Validity | None = None
    title: Title = ""
    attribution_days: Days = 30
    monthly_limit: Count = 20
    agent_splits: tuple[Name, ...] = ()

    @property
    def shown_title(self) -> Title:
        """What members call the reward."""
        return self.title or {"ru": "За приглашённого друга", "en": "For a friend you brought"}

    def reward_rule(self) -> dict[str, Any] | None:
        """Return the rule by which the referrer's points wait for a kept purchase; None where no rule is needed.

        As a rule it is explained, kept with the receipt and taken back with the goods like any other.
        """
        if not self.referrer_points or self.referrer_bonus_when == "joined":
            return None
        conditions: list[dict[str, Any]] = [{"type": "referred"}, {"type": "purchase_number", "to": 1}]
        if self.first_purchase_min:
            conditions.append({"type": "receipt_total", "min": self.first_purchase_min, "basis": "net"})
        reward = {"type": "accrue_fixed", "points": self.referrer_points, "to": "referrer"}
        return {
            "id": REWARD_RULE,
            "title": self.shown_title,
            "visible": False,
            "when": {"type": "all", "of": conditions},
            "effects": [reward | {"pending_days": self.kept_days, "valid": self.valid}],
        }
