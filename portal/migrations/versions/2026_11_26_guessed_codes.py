"""Count different wrong codes, so that the same one told again is no other guess."""

import sqlalchemy as sa
from alembic import op

revision = "guessed_codes"
down_revision = "catalogue"


def upgrade() -> None:
    op.create_table(
        "guessed_code",
        sa.Column("asker", sa.String(length=80), nullable=False),
        sa.Column("hour", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("asker", "hour", "code", name=op.f("pk_guessed_code")),
    )
    op.drop_table("code_guess")


def downgrade() -> None:
    op.create_table(
        "code_guess",
        sa.Column("asker", sa.String(length=80), nullable=False),
        sa.Column("hour", sa.BigInteger(), nullable=False),
        sa.Column("guesses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("asker", "hour", name=op.f("pk_code_guess")),
    )
    op.drop_table("guessed_code")
