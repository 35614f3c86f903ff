"""Drop the second index of a member's receipts: the first serves the same looks, and every purchase wrote both."""

import sqlalchemy as sa
from alembic import op

revision = "receipt_index"
down_revision = "guessed_codes"

_STANDING = sa.text("not fully_returned")


def upgrade() -> None:
    op.drop_index("ix_receipt_standing", table_name="receipt")


def downgrade() -> None:
    op.create_index(
        "ix_receipt_standing",
        "receipt",
        ["member_id", "at", "id"],
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    )
