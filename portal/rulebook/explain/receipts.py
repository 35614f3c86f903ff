"""A whole receipt told: every part with its rule and its text, in the order things were decided."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from portal.rulebook.explain.discounts import explain_coupon, explain_discount, explain_gift, explain_unlocked
from portal.rulebook.explain.grants import explain_grant
from portal.rulebook.explain.sale import Sale
from portal.rulebook.explain.skips import explain_nudges, explain_skipped
from portal.rulebook.explain.words import Language


@dataclass(frozen=True, slots=True)
class Told:
    """What one rule did or did not do: its id, what members call it, and why."""

    rule: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptTold:
    """A receipt in words. `skipped` names visible rules alone; `nudges` are whole sentences."""

    discounts: tuple[Told, ...]
    gifts: tuple[Told, ...]
    grants: tuple[Told, ...]
    unlocked: tuple[Told, ...]
    coupons: tuple[Told, ...]
    skipped: tuple[Told, ...]
    nudges: tuple[str, ...]


def explain_receipt(sale: Sale, *, language: Language) -> ReceiptTold:
    """Tell everything a receipt came to and why, and what it did not and why not."""
    outcome, voice = sale.outcome, sale.voice(language)

    def told(parts: Iterable[Any], explain: Callable[..., str]) -> tuple[Told, ...]:
        return tuple(
            Told(part.rule, voice.title(sale.title(part.rule)), explain(part, sale=sale, voice=voice)) for part in parts
        )

    visible = {rule.id for rule in sale.rulebook.rules if rule.visible}
    return ReceiptTold(
        discounts=told(outcome.discounts, explain_discount),
        gifts=told(outcome.gifts, explain_gift),
        grants=told(outcome.grants, explain_grant),
        unlocked=told(outcome.unlocked, explain_unlocked),
        coupons=told(outcome.coupons, explain_coupon),
        skipped=told((each for each in outcome.skipped if each.rule in visible), explain_skipped),
        nudges=explain_nudges(sale, voice=voice),
    )
