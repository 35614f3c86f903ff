"""What Alembic runs for every command; the connection comes from `portal.migrations`."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from portal.db import Id, Instant, Json
from portal.migrations.append_only import draft_triggers
from portal.schema import metadata


def render_frozen(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Write our own types as what they are in the database: a migration must mean the same in ten years."""
    if kind != "type":
        return False
    if isinstance(item, Instant):
        return "sa.BigInteger()"
    return "ID" if item is Id else "JSON" if item is Json else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_server_default=True,
    render_item=render_frozen,
    process_revision_directives=draft_triggers,
)
with context.begin_transaction():
    context.run_migrations()
