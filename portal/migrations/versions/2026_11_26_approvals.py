"""Ask members on their own phones whether points may be spent."""

import sqlalchemy as sa
from alembic import op

revision = "approvals"
down_revision = "perks"

ID = sa.String(26).with_variant(sa.String(26, collation="C"), "postgresql")
OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.create_table(
        "spending_approval",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("client", sa.String(length=80), nullable=False),
        sa.Column("sale", sa.String(length=200), nullable=False),
        sa.Column("store", sa.String(length=40), nullable=False),
        sa.Column("till", sa.String(length=40), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("session_id", ID, nullable=True),
        sa.CheckConstraint("points > 0", name=op.f("ck_spending_approval_points")),
        sa.CheckConstraint(
            "state in ('open', 'approved', 'refused', 'withdrawn')", name=op.f("ck_spending_approval_state")
        ),
        sa.CheckConstraint("(answered_at is null) = (state = 'open')", name=op.f("ck_spending_approval_answered")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spending_approval")),
    )
    op.create_index("ix_spending_approval_member_id", "spending_approval", ["member_id", "asked_at"], unique=False)
    op.create_index(
        "ix_spending_approval_open", "spending_approval", ["client", "sale"], unique=True,
        sqlite_where=OPEN, postgresql_where=OPEN,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("spending_approval")
