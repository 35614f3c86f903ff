"""Keep what a member was shown as new, on whichever phone."""

import sqlalchemy as sa
from alembic import op

revision = "shown_news"
down_revision = "second_person"

ID = sa.String(26).with_variant(sa.String(26, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "shown_news",
        sa.Column("member_id", ID, nullable=False),
        sa.Column("up_to", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_shown_news_member_id_member")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_shown_news")),
    )


def downgrade() -> None:
    op.drop_table("shown_news")
