"""Wrong codes are counted; the reward shelf and what members took from it; gift certificates with their entries."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "perks"
down_revision = "wishes"

ID = sa.String(26).with_variant(sa.String(26, collation="C"), "postgresql")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "certificate",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(length=25), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("left_over", sa.BigInteger(), nullable=False),
        sa.Column("sold_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("value > 0 and left_over between 0 and value", name=op.f("ck_certificate_left_over")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_code")),
    )
    op.create_table(
        "code_guess",
        sa.Column("asker", sa.String(length=80), nullable=False),
        sa.Column("hour", sa.BigInteger(), nullable=False),
        sa.Column("guesses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("asker", "hour", name=op.f("pk_code_guess")),
    )
    op.create_table(
        "reward",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("about", JSON, nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("stock", sa.Integer(), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.BigInteger(), nullable=True),
        sa.Column("closes_at", sa.BigInteger(), nullable=True),
        sa.Column("tiers", JSON, nullable=False),
        sa.Column("per_member", sa.Integer(), nullable=True),
        sa.Column("valid_days", sa.Integer(), nullable=False),
        sa.Column("on_shelf", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "opens_at is null or closes_at is null or opens_at < closes_at", name=op.f("ck_reward_window")
        ),
        sa.CheckConstraint("per_member is null or per_member > 0", name=op.f("ck_reward_per_member")),
        sa.CheckConstraint("points > 0 and valid_days > 0", name=op.f("ck_reward_price")),
        sa.CheckConstraint("taken >= 0 and (stock is null or taken <= stock)", name=op.f("ck_reward_stock")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward")),
    )
    op.create_table(
        "certificate_entry",
        sa.Column("id", ID, nullable=False),
        sa.Column("certificate_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("receipt_id", ID, nullable=True),
        sa.Column("source", sa.String(length=160), nullable=False),
        sa.Column("operator", sa.String(length=80), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(kind in ('sale', 'refund')) = (amount > 0) and amount <> 0", name=op.f("ck_certificate_entry_amount")
        ),
        sa.CheckConstraint(
            "kind in ('sale', 'spending', 'refund', 'withdrawal')", name=op.f("ck_certificate_entry_kind")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_entry_certificate_id_certificate")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_entry")),
        sa.UniqueConstraint("source", name=op.f("uq_certificate_entry_source")),
        info={"append_only": ()},
    )
    with op.batch_alter_table("certificate_entry", schema=None) as batch_op:
        batch_op.create_index("ix_certificate_entry_certificate_id", ["certificate_id"], unique=False)
        batch_op.create_index("ix_certificate_entry_receipt_id", ["receipt_id"], unique=False)

    op.create_table(
        "taken_reward",
        sa.Column("id", ID, nullable=False),
        sa.Column("reward_id", sa.String(length=40), nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("code", sa.String(length=25), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(length=80), nullable=True),
        sa.CheckConstraint("(state = 'taken') = (ended_at is null)", name=op.f("ck_taken_reward_ended")),
        sa.CheckConstraint("state in ('taken', 'used', 'returned')", name=op.f("ck_taken_reward_state")),
        sa.ForeignKeyConstraint(["reward_id"], ["reward.id"], name=op.f("fk_taken_reward_reward_id_reward")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taken_reward")),
        sa.UniqueConstraint("code", name=op.f("uq_taken_reward_code")),
    )
    with op.batch_alter_table("taken_reward", schema=None) as batch_op:
        batch_op.create_index("ix_taken_reward_member_id", ["member_id", "taken_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_taken_reward_reward_id"), ["reward_id"], unique=False)
        batch_op.create_index(
            "ix_taken_reward_until",
            ["until"],
            unique=False,
            sqlite_where=sa.text("state = 'taken'"),
            postgresql_where=sa.text("state = 'taken'"),
        )

    op.append_only("certificate_entry")


def downgrade() -> None:
    for table in ("taken_reward", "certificate_entry", "reward", "code_guess", "certificate"):
        op.drop_table(table)
