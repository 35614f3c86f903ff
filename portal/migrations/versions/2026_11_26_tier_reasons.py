"""Let why staff gave a tier be forgotten with the member; all else of a change stays as it was told."""

from alembic import op

revision = "tier_reasons"
down_revision = "event_fields"

TABLE = "tier_change"
TOLD = (
    "member_id", "number", "at", "posted_at", "from_tier", "to_tier", "cause", "held_since", "rulebook", "operator",
)  # fmt: skip


def upgrade() -> None:
    op.let_change(TABLE, but=TOLD)


def downgrade() -> None:
    op.let_change(TABLE, but=())
