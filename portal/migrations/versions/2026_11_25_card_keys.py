"""Hand a card key out once, and know a scan told twice."""

import sqlalchemy as sa
from alembic import op

revision = "card_keys"
down_revision = "push"


def upgrade() -> None:
    with _card_device() as batch_op:
        batch_op.add_column(sa.Column("handed_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("last_shown_under", sa.String(length=200), nullable=True))


def downgrade() -> None:
    with _card_device() as batch_op:
        batch_op.drop_column("last_shown_under")
        batch_op.drop_column("handed_at")


def _card_device():
    """Alter in place; SQLite, which adds columns only behind the constraints, makes the small table anew."""
    recreate = "always" if op.get_context().dialect.name == "sqlite" else "never"
    return op.batch_alter_table("card_device", schema=None, recreate=recreate)
