"""Let why staff gave a tier be forgotten with the member; all else of a change stays as it was told."""

from alembic import op

from portal.db.append_only import trigger_ddl

revision = "tier_reasons"
down_revision = "event_fields"

TABLE = "tier_change"
TOLD = (
    "member_id", "number", "at", "posted_at", "from_tier", "to_tier", "cause", "held_since", "rulebook", "operator",
)  # fmt: skip


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
