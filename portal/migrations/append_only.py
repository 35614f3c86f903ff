"""Append-only tables in migrations: the triggers that `portal.db.append_only` makes for a new database."""

from collections.abc import Iterable, Sequence

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import MigrateOperation, Operations
from alembic.operations.ops import CreateTableOp, MigrationScript
from alembic.runtime.migration import MigrationContext

from portal.db import trigger_ddl
from portal.schema import metadata


@Operations.register_operation("append_only")
class AppendOnlyOp(MigrateOperation):
    """Refuse UPDATE (of `columns`, or of all) and DELETE on a table from here on."""

    def __init__(self, table: str, columns: Sequence[str]) -> None:
        self.table = table
        self.columns = tuple(columns)

    @classmethod
    def append_only(cls, operations: Operations, table: str, *, columns: Sequence[str] = ()) -> None:
        """Say `op.append_only("entry")` in a migration; again after a batch change, which loses them."""
        operations.invoke(cls(table, columns))


@Operations.implementation_for(AppendOnlyOp)
def create_triggers(operations: Operations, operation: AppendOnlyOp) -> None:
    dialect = operations.get_bind().dialect.name
    for statement in trigger_ddl(operation.table, dialect=dialect, columns=operation.columns):
        operations.execute(statement)


@renderers.dispatch_for(AppendOnlyOp)
def render(_context: AutogenContext, operation: AppendOnlyOp) -> str:
    columns = f", columns={list(operation.columns)!r}" if operation.columns else ""
    return f"op.append_only({operation.table!r}{columns})"


def draft_triggers(
    _context: MigrationContext, _revision: str | Iterable[str | None], scripts: list[MigrationScript]
) -> None:
    """Add the triggers to a drafted migration for every append-only table that it creates."""
    for script in scripts:
        steps = script.upgrade_ops
        created = [step.table_name for step in steps.ops if isinstance(step, CreateTableOp)] if steps else []
        for name in created:
            columns = metadata.tables[name].info.get("append_only")
            if steps and columns is not None:
                steps.ops.append(AppendOnlyOp(name, columns))
