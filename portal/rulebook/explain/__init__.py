"""Every point explains itself: an outcome in words, in Russian and English (domain.md §2.9)."""

from portal.rulebook.explain.discounts import explain_coupon, explain_discount, explain_gift, explain_unlocked
from portal.rulebook.explain.effects import explain_effect
from portal.rulebook.explain.grants import explain_grant, explain_grants
from portal.rulebook.explain.receipts import ReceiptTold, Told, explain_receipt
from portal.rulebook.explain.sale import Sale
from portal.rulebook.explain.skips import explain_nudges, explain_skipped
from portal.rulebook.explain.words import LANGUAGES, Language

__all__ = [
    "LANGUAGES",
    "Language",
    "ReceiptTold",
    "Sale",
    "Told",
    "explain_coupon",
    "explain_discount",
    "explain_effect",
    "explain_gift",
    "explain_grant",
    "explain_grants",
    "explain_nudges",
    "explain_receipt",
    "explain_skipped",
    "explain_unlocked",
]
