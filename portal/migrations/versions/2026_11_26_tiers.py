"""Standings on the ladder with their history; and beside a member's purchases, the money that was kept."""

import sqlalchemy as sa
from alembic import op

from portal.db.append_only import trigger_ddl

revision = "tiers"
down_revision = "till_queue"

ID = sa.String(26).with_variant(sa.String(26, collation="C"), "postgresql")
CAUSES = "'rise', 'period', 'refund', 'manual', 'manual_ended'"
KEPT = {"kept_minor": sa.BigInteger(), "kept_purchases": sa.Integer(), "kept_most": sa.BigInteger()}


def upgrade() -> None:
    _create_standings()
    with op.batch_alter_table("purchase_history", schema=None) as batch_op:
        for name, kind in KEPT.items():
            batch_op.add_column(sa.Column(name, kind, nullable=True))
    _add_up_what_was_kept()
    with op.batch_alter_table("purchase_history", schema=None) as batch_op:
        for name, kind in KEPT.items():
            batch_op.alter_column(name, existing_type=kind, nullable=False)
        batch_op.create_check_constraint(
            op.f("ck_purchase_history_kept"), "kept_minor >= kept_most and kept_most >= 0 and kept_purchases >= 0"
        )


def _create_standings() -> None:
    op.create_table(
        "tier_standing",
        sa.Column("member_id", ID, nullable=False),
        sa.Column("tier", sa.String(100), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("manual_tier", sa.String(100), nullable=True),
        sa.Column("manual_until", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(manual_tier is null) = (manual_until is null)", name=op.f("ck_tier_standing_manual")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_tier_standing")),
    )
    op.create_table(
        "tier_change",
        sa.Column("member_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("posted_at", sa.BigInteger(), nullable=False),
        sa.Column("from_tier", sa.String(100), nullable=False),
        sa.Column("to_tier", sa.String(100), nullable=False),
        sa.Column("cause", sa.String(12), nullable=False),
        sa.Column("held_since", sa.BigInteger(), nullable=True),
        sa.Column("rulebook", sa.String(160), nullable=False),
        sa.Column("operator", sa.String(80), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(f"cause in ({CAUSES})", name=op.f("ck_tier_change_cause")),
        sa.CheckConstraint("(operator is null) = (reason = '')", name=op.f("ck_tier_change_operator")),
        sa.PrimaryKeyConstraint("member_id", "number", name=op.f("pk_tier_change")),
    )
    for statement in trigger_ddl("tier_change", dialect=op.get_context().dialect.name):
        op.execute(statement)
    op.create_table(
        "tier_walk",
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("through", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_tier_walk")),
    )


def _add_up_what_was_kept() -> None:
    left = "due - coalesce((select sum(b.money) from refund b where b.receipt_id = receipt.id), 0)"
    mine = f"(select {{0}} from (select member_id, {left} as money from receipt) r"
    mine += " where r.money > 0 and r.member_id = purchase_history.member_id)"
    sums = {"kept_minor": "coalesce(sum(r.money), 0)", "kept_purchases": "count(*)"}
    sums["kept_most"] = "coalesce(max(r.money), 0)"
    op.execute("update purchase_history set " + ", ".join(f"{name} = {mine.format(s)}" for name, s in sums.items()))


def downgrade() -> None:
    with op.batch_alter_table("purchase_history", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_purchase_history_kept"), type_="check")
        for name in KEPT:
            batch_op.drop_column(name)
    for table in ("tier_walk", "tier_change", "tier_standing"):
        op.drop_table(table)
    if op.get_context().dialect.name == "postgresql":
        op.execute('drop function if exists "tier_change_is_append_only"()')
