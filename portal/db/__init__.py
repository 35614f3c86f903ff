"""The database below the features: types, engine, transactions, batches, append-only tables."""

from portal.db.append_only import append_only, trigger_ddl
from portal.db.batch import Batch, Write, insert_into
from portal.db.engine import DATABASE_AWAY, Stale, locks_reads, make_engine, run, transaction
from portal.db.json_columns import json_array, json_object, json_tuple
from portal.db.types import Base, Id, Instant, Json, epoch, instant

__all__ = [
    "DATABASE_AWAY",
    "Base",
    "Batch",
    "Id",
    "Instant",
    "Json",
    "Stale",
    "Write",
    "append_only",
    "epoch",
    "insert_into",
    "instant",
    "json_array",
    "json_object",
    "json_tuple",
    "locks_reads",
    "make_engine",
    "run",
    "transaction",
    "trigger_ddl",
]
