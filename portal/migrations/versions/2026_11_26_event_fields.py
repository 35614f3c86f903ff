"""Let what events told of a member be forgotten with the member; all else of them stays as it was told."""

from alembic import op

from portal.db.append_only import trigger_ddl

revision = "event_fields"
down_revision = "lists_of_words"

TABLE = "member_event"
TOLD = ("client", "id", "type", "member_id", "at", "recorded_at")


def upgrade() -> None:
    _guard(TOLD)


def downgrade() -> None:
    _guard(())


def _guard(columns: tuple[str, ...]) -> None:
    dialect = op.get_context().dialect.name
    op.execute(f'drop trigger "{TABLE}_no_update"' + (f' on "{TABLE}"' if dialect == "postgresql" else ""))
    for statement in trigger_ddl(TABLE, dialect=dialect, columns=columns):
        if "_no_update" in statement:
            op.execute(statement)
