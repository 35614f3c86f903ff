"""Tables that only grow: triggers refuse to change or delete what was told once (security.md §1.5)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import DDL, Table, event

DIALECTS = ("sqlite", "postgresql")


def append_only(table: Table | Any, *, columns: Sequence[str] = ()) -> None:
    """Refuse UPDATE (of `columns`, or of any column when none is named), DELETE and TRUNCATE on a table.

    The triggers are created with the table by `metadata.create_all`; migrations create the same by `trigger_ddl`.
    """
    table.info["append_only"] = tuple(columns)
    for dialect in DIALECTS:
        for statement in trigger_ddl(table.name, dialect=dialect, columns=columns):
            ddl = DDL(statement.replace("%", "%%")).execute_if(dialect=dialect)
            event.listen(table, "after_create", ddl)


def trigger_ddl(table: str, *, dialect: str, columns: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the statements that make a table append-only on `sqlite` or `postgresql`."""
    of = " of " + ", ".join(f'"{column}"' for column in columns) if columns else ""
    if dialect == "sqlite":
        refuse = f"begin select raise(abort, '{table} is append-only'); end"
        return (
            f'create trigger "{table}_no_update" before update{of} on "{table}" {refuse}',
            f'create trigger "{table}_no_delete" before delete on "{table}" {refuse}',
        )
    function = f'"{table}_is_append_only"'
    refuse = f"begin raise exception '{table} is append-only'; end"
    return (
        f"create or replace function {function}() returns trigger language plpgsql as $${refuse}$$",
        f'create trigger "{table}_no_update" before update{of} on "{table}" for each row execute function {function}()',
        f'create trigger "{table}_no_delete" before delete on "{table}" for each row execute function {function}()',
        truncate_ddl(table),
    )


def truncate_ddl(table: str) -> str:
    """Return the statement that refuses to empty a table at once on `postgresql`; SQLite has no TRUNCATE."""
    when = f'create or replace trigger "{table}_no_truncate" before truncate on "{table}"'
    return f'{when} for each statement execute function "{table}_is_append_only"()'
