"""Keep what people ask for and the shop has not."""

import sqlalchemy as sa
from alembic import op

revision = "wishes"
down_revision = "referrals"

ID = sa.String(26).with_variant(sa.String(26, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "wish",
        sa.Column("id", ID, nullable=False),
        sa.Column("words", sa.String(length=80), nullable=False),
        sa.Column("folded", sa.String(length=80), nullable=False),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("store", sa.String(length=40), nullable=True),
        sa.Column("staff_id", ID, nullable=True),
        sa.Column("device_id", ID, nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", sa.String(length=80), nullable=True),
        sa.CheckConstraint("state in ('open', 'here', 'never', 'withdrawn')", name=op.f("ck_wish_state")),
        sa.CheckConstraint("(staff_id is null) = (store is null)", name=op.f("ck_wish_noted")),
        sa.CheckConstraint("staff_id is not null or member_id is not null", name=op.f("ck_wish_asked")),
        sa.CheckConstraint("(closed_at is null) = (state = 'open')", name=op.f("ck_wish_closed")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish")),
    )
    op.create_index("ix_wish_folded", "wish", ["state", "folded"], unique=False)
    op.create_index(op.f("ix_wish_member_id"), "wish", ["member_id"], unique=False)
    op.create_index("ix_wish_store", "wish", ["store", "at"], unique=False)


def downgrade() -> None:
    op.drop_table("wish")
