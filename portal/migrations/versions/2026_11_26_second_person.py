"""A role between cashier and manager, own cards under a second person's eyes, and who works with an API key."""

import sqlalchemy as sa
from alembic import op

from portal.db.append_only import trigger_ddl

revision = "second_person"
down_revision = "till_joins"

ID = sa.String(26).with_variant(sa.String(26, collation="C"), "postgresql")
ROLES = "role in ('cashier', 'senior', 'manager', 'owner')"
ROLES_BEFORE = "role in ('cashier', 'manager', 'owner')"


def upgrade() -> None:
    _allow(ROLES)
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.add_column(sa.Column("holder_id", ID, nullable=True))
    op.create_table(
        "own_card_sale",
        sa.Column("sale_id", ID, nullable=False),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("second_id", ID, nullable=False),
        sa.Column("device_id", ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("second_id <> staff_id", name=op.f("ck_own_card_sale_four_eyes")),
        sa.PrimaryKeyConstraint("sale_id", name=op.f("pk_own_card_sale")),
    )
    for statement in trigger_ddl("own_card_sale", dialect=op.get_context().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("own_card_sale")
    if op.get_context().dialect.name == "postgresql":
        op.execute('drop function if exists "own_card_sale_is_append_only"()')
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.drop_column("holder_id")
    op.execute("update staff set role = 'cashier' where role = 'senior'")
    _allow(ROLES_BEFORE)


def _allow(roles: str) -> None:
    """Change the CHECK. SQLite makes the table anew, under keys that are looked at when all is there again."""
    if op.get_context().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_staff_role"), "staff", type_="check")
        op.create_check_constraint(op.f("ck_staff_role"), "staff", roles)
        return
    op.execute("pragma defer_foreign_keys = on")
    op.execute("create table staff_before as select * from staff")
    op.drop_table("staff")
    _create_staff(roles)
    op.execute("insert into staff select * from staff_before")
    op.drop_table("staff_before")


def _create_staff(roles: str) -> None:
    op.create_table(
        "staff",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("pin_hash", sa.Text(), nullable=False),
        sa.Column("pin_failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.BigInteger(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(roles, name=op.f("ck_staff_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("member_id", name=op.f("uq_staff_member_id")),
        sa.UniqueConstraint("name", name=op.f("uq_staff_name")),
    )
