"""Refuse to empty append-only tables at once, too; tables of later migrations come with that refusal."""

from alembic import op

from portal.db.append_only import truncate_ddl

revision = "no_truncate"
down_revision = "shown_news"

TABLES = (
    *("audit_entry", "consent", "consent_text", "consumption", "debt_item", "entry", "event", "hold", "lot"),
    *("member_event", "own_card_sale", "receipt", "refund", "rulebook_version", "till_evidence", "till_join"),
)


def upgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        for table in TABLES:
            op.execute(truncate_ddl(table))


def downgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        for table in TABLES:
            op.execute(f'drop trigger if exists "{table}_no_truncate" on "{table}"')
