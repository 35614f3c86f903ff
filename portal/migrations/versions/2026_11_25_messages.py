"""Keep messages and what members want to hear."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "messages"
down_revision = "card_keys"

ID = sa.String(26).with_variant(sa.String(26, collation="C"), "postgresql")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "message",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("cause", sa.String(length=120), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("not_after", sa.BigInteger(), nullable=True),
        sa.Column("counts_at", sa.BigInteger(), nullable=True),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(state = 'held') = (reason is not null)", name=op.f("ck_message_reason")),
        sa.CheckConstraint("(state = 'waiting') = (due_at is not null)", name=op.f("ck_message_due_at")),
        sa.CheckConstraint("state in ('waiting', 'sent', 'kept', 'held')", name=op.f("ck_message_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index(
        "ix_message_counts_at",
        "message",
        ["member_id", "counts_at"],
        unique=False,
        sqlite_where=sa.text("counts_at is not null"),
        postgresql_where=sa.text("counts_at is not null"),
    )
    op.create_index("ix_message_inbox", "message", ["member_id", "at", "id"], unique=False)
    op.create_index(
        "ix_message_unread",
        "message",
        ["member_id"],
        unique=False,
        sqlite_where=sa.text("read_at is null"),
        postgresql_where=sa.text("read_at is null"),
    )
    op.create_index(
        "ix_message_waiting",
        "message",
        ["member_id", "due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index("uq_message_cause", "message", ["member_id", "kind", "cause"], unique=True)

    op.create_table(
        "preference",
        sa.Column("member_id", ID, nullable=False),
        sa.Column("silenced", JSON, nullable=False),
        sa.Column("push", sa.Boolean(), nullable=False),
        sa.Column("letters", sa.String(length=9), nullable=False),
        sa.Column("most_in_a_week", sa.SmallInteger(), nullable=False),
        sa.Column("quiet_from", sa.SmallInteger(), nullable=True),
        sa.Column("quiet_until", sa.SmallInteger(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("letters in ('all', 'important', 'none')", name=op.f("ck_preference_letters")),
        sa.CheckConstraint("(quiet_from is null) = (quiet_until is null)", name=op.f("ck_preference_quiet")),
        sa.CheckConstraint("most_in_a_week between 0 and 7", name=op.f("ck_preference_most_in_a_week")),
        sa.CheckConstraint(
            "quiet_from between 0 and 1439 and quiet_until between 0 and 1439", name=op.f("ck_preference_walls")
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_preference")),
    )
    op.create_table(
        "reminded",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("through", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_reminded")),
    )
    op.create_table(
        "delivery",
        sa.Column("message_id", ID, nullable=False),
        sa.Column("channel", sa.String(length=5), nullable=False),
        sa.Column("state", sa.String(length=6), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("channel in ('push', 'email')", name=op.f("ck_delivery_channel")),
        sa.CheckConstraint("state in ('posted', 'lost')", name=op.f("ck_delivery_state")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_delivery_message_id_message")),
        sa.PrimaryKeyConstraint("message_id", "channel", name=op.f("pk_delivery")),
    )


def downgrade() -> None:
    for table in ("delivery", "message", "preference", "reminded"):
        op.drop_table(table)
