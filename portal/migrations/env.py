"""What Alembic runs for every command; the connection comes from `portal.migrations`."""

from alembic import context

from portal.migrations.append_only import draft_triggers
from portal.schema import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_server_default=True,
    process_revision_directives=draft_triggers,
)
with context.begin_transaction():
    context.run_migrations()
