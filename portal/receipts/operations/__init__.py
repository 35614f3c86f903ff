"""Writes of receipts: what a story adds to its batch, so that everything about a receipt is written or nothing."""

from portal.receipts.operations.adjustments import (
    ask_adjustment,
    decide_adjustment,
    forget_comments,
    queue_operator,
)
from portal.receipts.operations.counting import (
    UsageChange,
    celebrate,
    count_usage,
    lock_totals,
    turn,
    uncelebrate,
    uncount_usage,
)
from portal.receipts.operations.events import forget_events, keep_event
from portal.receipts.operations.evidence import METHODS, Evidence, Method, keep_evidence
from portal.receipts.operations.publishing import publish
from portal.receipts.operations.recording import NewReceipt, NewRefund, record, refund, remember

__all__ = [
    "METHODS",
    "Evidence",
    "Method",
    "NewReceipt",
    "NewRefund",
    "UsageChange",
    "ask_adjustment",
    "celebrate",
    "count_usage",
    "decide_adjustment",
    "forget_comments",
    "forget_events",
    "keep_event",
    "keep_evidence",
    "lock_totals",
    "publish",
    "queue_operator",
    "record",
    "refund",
    "remember",
    "turn",
    "uncelebrate",
    "uncount_usage",
]
