"""Keep how far the queue of each till was told."""

import sqlalchemy as sa
from alembic import op

revision = "till_queue"
down_revision = "approvals"

ID = sa.String(26).with_variant(sa.String(26, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "till_queue",
        sa.Column("device_id", ID, nullable=False),
        sa.Column("chain", sa.String(32), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("device_id", "chain", name=op.f("pk_till_queue")),
    )


def downgrade() -> None:
    op.drop_table("till_queue")
