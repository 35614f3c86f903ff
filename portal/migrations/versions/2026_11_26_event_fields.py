"""Let what events told of a member be forgotten with the member; all else of them stays as it was told."""

from alembic import op

revision = "event_fields"
down_revision = "lists_of_words"

TABLE = "member_event"
TOLD = ("client", "id", "type", "member_id", "at", "recorded_at")


def upgrade() -> None:
    op.let_change(TABLE, but=TOLD)


def downgrade() -> None:
    op.let_change(TABLE, but=())
