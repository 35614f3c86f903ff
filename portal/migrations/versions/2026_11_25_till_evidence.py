"""Keep how receipts and refunds came about at a till."""

import sqlalchemy as sa
from alembic import op

from portal.db.append_only import trigger_ddl

revision = "till_evidence"
down_revision = "messages"

ID = sa.String(26).with_variant(sa.String(26, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "till_evidence",
        sa.Column("id", ID, nullable=False),
        sa.Column("subject", sa.String(length=7), nullable=False),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("device_id", ID, nullable=False),
        sa.Column("method", sa.String(length=6), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("queued", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("subject in ('receipt', 'refund')", name=op.f("ck_till_evidence_subject")),
        sa.CheckConstraint(
            "method in ('camera', 'wedge', 'typed', 'photo', 'joined')", name=op.f("ck_till_evidence_method")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_till_evidence")),
    )
    op.create_index("ix_till_evidence_staff_id", "till_evidence", ["staff_id", "at"], unique=False)
    for statement in trigger_ddl("till_evidence", dialect=op.get_context().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("till_evidence")
    if op.get_context().dialect.name == "postgresql":
        op.execute('drop function if exists "till_evidence_is_append_only"()')
