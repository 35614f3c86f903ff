"""Reads of receipts, and the columns with which a story reads them together with everything else."""

from portal.receipts.queries.deeds import DeedSums, RecordedDeed, list_deeds, sum_deeds
from portal.receipts.queries.evidence import ListedEvidence, list_evidence
from portal.receipts.queries.history import History, Usage, history_column, read_history
from portal.receipts.queries.kept import (
    KeptReceipt,
    kept_column,
    kept_receipts,
    kept_sums,
    nth_buyer,
    read_kept,
    read_totals,
    totals_column,
)
from portal.receipts.queries.refundable import Refundable, buyer_of, lock_receipt, read_refundable, refundable_column
from portal.receipts.queries.told import (
    Document,
    PublishedVersion,
    Recorded,
    Remembered,
    digest_in_force,
    published_versions,
    read_recorded,
    read_remembered,
    recorded_column,
    remembered_column,
    version_column,
    version_of,
)

__all__ = [
    "DeedSums",
    "Document",
    "History",
    "KeptReceipt",
    "ListedEvidence",
    "PublishedVersion",
    "Recorded",
    "RecordedDeed",
    "Refundable",
    "Remembered",
    "Usage",
    "buyer_of",
    "digest_in_force",
    "history_column",
    "kept_column",
    "kept_receipts",
    "kept_sums",
    "list_deeds",
    "list_evidence",
    "lock_receipt",
    "nth_buyer",
    "published_versions",
    "read_history",
    "read_kept",
    "read_recorded",
    "read_refundable",
    "read_remembered",
    "read_totals",
    "recorded_column",
    "refundable_column",
    "remembered_column",
    "sum_deeds",
    "totals_column",
    "version_column",
    "version_of",
]
