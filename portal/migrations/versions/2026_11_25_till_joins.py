"""Keep at which till, and under whom, a member joined."""

import sqlalchemy as sa
from alembic import op

from portal.db.append_only import trigger_ddl

revision = "till_joins"
down_revision = "till_evidence"

ID = sa.String(26).with_variant(sa.String(26, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "till_join",
        sa.Column("member_id", ID, nullable=False),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("device_id", ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_till_join")),
    )
    op.create_index("ix_till_join_device_id", "till_join", ["device_id", "at"], unique=False)
    for statement in trigger_ddl("till_join", dialect=op.get_context().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("till_join")
    if op.get_context().dialect.name == "postgresql":
        op.execute('drop function if exists "till_join_is_append_only"()')
