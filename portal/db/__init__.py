"""The database below the features: types, engine, transactions, batches, append-only tables."""

from portal.db.afterwards import Afterwards, write_together
from portal.db.append_only import append_only, trigger_ddl
from portal.db.batch import Batch, insert_into
from portal.db.direct import Direct
from portal.db.engine import (
    DATABASE_AWAY,
    Stale,
    leave_no_trace,
    locks_reads,
    make_engine,
    run,
    run_settling,
    transaction,
)
from portal.db.json_columns import json_array, json_object, json_tuple
from portal.db.json_rows import json_rows
from portal.db.sqlite_file import alone_on_sqlite
from portal.db.types import Base, Id, Instant, Json, epoch, instant
from portal.db.upsert import upsert
from portal.db.write import Write

__all__ = [
    "DATABASE_AWAY",
    "Afterwards",
    "Base",
    "Batch",
    "Direct",
    "Id",
    "Instant",
    "Json",
    "Stale",
    "Write",
    "alone_on_sqlite",
    "append_only",
    "epoch",
    "insert_into",
    "instant",
    "json_array",
    "json_object",
    "json_rows",
    "json_tuple",
    "leave_no_trace",
    "locks_reads",
    "make_engine",
    "run",
    "run_settling",
    "transaction",
    "trigger_ddl",
    "upsert",
    "write_together",
]
