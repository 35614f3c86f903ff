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


@Operations.register_operation("let_change")
class LetChangeOp(MigrateOperation):
    """Refuse UPDATE of `columns` alone (of all, when none is named) on a table that is append-only already."""

    def __init__(self, table: str, columns: Sequence[str]) -> None:
        self.table = table
        self.columns = tuple(columns)

    @classmethod
    def let_change(cls, operations: Operations, table: str, *, but: Sequence[str]) -> None:
        """Say `op.let_change("entry", but=[…])` in a migration: the columns that are not named may change from now."""
        operations.invoke(cls(table, but))


@Operations.implementation_for(LetChangeOp)
def replace_trigger(operations: Operations, operation: LetChangeOp) -> None:
    dialect, trigger = operations.get_bind().dialect.name, f"{operation.table}_no_update"
    operations.execute(f'drop trigger "{trigger}"' + (f' on "{operation.table}"' if dialect == "postgresql" else ""))
    for statement in trigger_ddl(operation.table, dialect=dialect, columns=operation.columns):
        if statement.startswith(f'create trigger "{trigger}"'):
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
