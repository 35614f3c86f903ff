"""Begin."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "begin"
down_revision = None

ID = sa.String(26).with_variant(sa.String(26, collation="C"), "postgresql")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("member_id", ID, nullable=False),
        sa.Column("wallet", sa.String(length=60), nullable=False),
        sa.Column("available", sa.BigInteger(), nullable=False),
        sa.Column("pending", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("debt", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("available = 0 or debt = 0", name=op.f("ck_account_debt_first")),
        sa.CheckConstraint("available >= 0", name=op.f("ck_account_available")),
        sa.CheckConstraint("debt <= 0", name=op.f("ck_account_debt")),
        sa.CheckConstraint("held >= 0", name=op.f("ck_account_held")),
        sa.CheckConstraint("pending >= 0", name=op.f("ck_account_pending")),
        sa.PrimaryKeyConstraint("member_id", "wallet", name=op.f("pk_account")),
    )
    op.create_table(
        "adjustment",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("receipt_id", ID, nullable=True),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(decided_at is null) = (state = 'waiting')", name=op.f("ck_adjustment_decided")),
        sa.CheckConstraint("state in ('waiting', 'posted', 'rejected')", name=op.f("ck_adjustment_state")),
        sa.CheckConstraint("decided_by is null or decided_by <> asked_by", name=op.f("ck_adjustment_four_eyes")),
        sa.CheckConstraint("points <> 0", name=op.f("ck_adjustment_points")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment")),
    )
    with op.batch_alter_table("adjustment", schema=None) as batch_op:
        batch_op.create_index("ix_adjustment_asked_by", ["asked_by", "asked_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_adjustment_member_id"), ["member_id"], unique=False)

    op.create_table(
        "api_key",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("scopes", JSON, nullable=False),
        sa.Column("store", sa.String(length=40), nullable=True),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_used_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_key_secret_hash")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor_kind", sa.String(length=10), nullable=False),
        sa.Column("actor_id", sa.String(length=80), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=True),
        sa.Column("subject_id", sa.String(length=120), nullable=True),
        sa.Column("details", JSON, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_entry_hash")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "birthday_use",
        sa.Column("member_id", ID, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("receipt_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("member_id", "year", name=op.f("pk_birthday_use")),
    )
    op.create_table(
        "book",
        sa.Column("member_id", ID, nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("entries > 0", name=op.f("ck_book_entries")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_book")),
    )
    with op.batch_alter_table("book", schema=None) as batch_op:
        batch_op.create_index(
            "ix_book_due_at",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("due_at is not null"),
            postgresql_where=sa.text("due_at is not null"),
        )

    op.create_table(
        "consent_text",
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("purpose", "version", "language", name=op.f("pk_consent_text")),
    )
    op.create_table(
        "consumption",
        sa.Column("member_id", ID, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("lot", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("restored", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("points > 0 and restored between 0 and points", name=op.f("ck_consumption_points")),
        sa.PrimaryKeyConstraint("member_id", "number", "lot", name=op.f("pk_consumption")),
    )
    op.create_table(
        "contact_tombstone",
        sa.Column("contact_hash", sa.String(length=64), nullable=False),
        sa.Column("buried_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("contact_hash", name=op.f("pk_contact_tombstone")),
    )
    with op.batch_alter_table("contact_tombstone", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_tombstone_buried_at"), ["buried_at"], unique=False)

    op.create_table(
        "coupon",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("template", sa.String(length=80), nullable=False),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("issued_by", ID, nullable=True),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("uses_left", sa.Integer(), nullable=False),
        sa.CheckConstraint("uses > 0 and uses_left between 0 and uses", name=op.f("ck_coupon_uses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupon")),
        sa.UniqueConstraint("code", name=op.f("uq_coupon_code")),
    )
    with op.batch_alter_table("coupon", schema=None) as batch_op:
        batch_op.create_index("ix_coupon_issued_by", ["issued_by"], unique=False)
        batch_op.create_index(
            "ix_coupon_member_id",
            ["member_id", "until"],
            unique=False,
            sqlite_where=sa.text("uses_left is null or uses_left > 0"),
            postgresql_where=sa.text("uses_left is null or uses_left > 0"),
        )

    op.create_table(
        "debt_item",
        sa.Column("member_id", ID, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("wallet", sa.String(length=60), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("remaining", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("write_off_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("remaining between 0 and points", name=op.f("ck_debt_item_points")),
        sa.PrimaryKeyConstraint("member_id", "number", name=op.f("pk_debt_item")),
    )
    op.create_table(
        "entry",
        sa.Column("member_id", ID, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=240), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("posted_at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("wallet", sa.String(length=60), nullable=False),
        sa.Column("cause", sa.String(length=80), nullable=False),
        sa.Column("budget", sa.String(length=80), nullable=True),
        sa.Column("receipt_id", ID, nullable=True),
        sa.Column("rule", sa.String(length=80), nullable=True),
        sa.Column("rulebook", sa.String(length=160), nullable=True),
        sa.Column("available", sa.BigInteger(), nullable=False),
        sa.Column("pending", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("debt", sa.BigInteger(), nullable=False),
        sa.Column("issued", sa.BigInteger(), nullable=False),
        sa.Column("redeemed", sa.BigInteger(), nullable=False),
        sa.Column("breakage", sa.BigInteger(), nullable=False),
        sa.Column("writeoff", sa.BigInteger(), nullable=False),
        sa.Column("lots", JSON, nullable=False),
        sa.Column("details", JSON, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "kind in ('accrual', 'release', 'hold', 'capture', 'void', 'timeout', 'redemption', 'expiry', 'restoration', 'reversal', 'settlement', 'write_off', 'adjustment', 'forfeit')",
            name=op.f("ck_entry_kind"),
        ),
        sa.CheckConstraint(
            "available + pending + held + debt + issued + redeemed + breakage + writeoff = 0",
            name=op.f("ck_entry_balanced"),
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_entry_number")),
        sa.PrimaryKeyConstraint("member_id", "number", name=op.f("pk_entry")),
        sa.UniqueConstraint("source", name=op.f("uq_entry_source")),
    )
    op.create_table(
        "event",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_member_id", ["member_id", "seq"], unique=False)

    op.create_table(
        "hold",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("wallet", sa.String(length=60), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("takes", JSON, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(state = 'active') = (ended_at is null)", name=op.f("ck_hold_ended")),
        sa.CheckConstraint("state in ('active', 'captured', 'voided', 'timed_out')", name=op.f("ck_hold_state")),
        sa.CheckConstraint("points > 0", name=op.f("ck_hold_points")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.create_index(
            "ix_hold_active",
            ["member_id"],
            unique=False,
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        )

    op.create_table(
        "idempotency",
        sa.Column("client", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("operation", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", JSON, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("client", "key", name=op.f("pk_idempotency")),
    )
    op.create_table(
        "job",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("arguments", JSON, nullable=False),
        sa.Column("progress", JSON, nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("pointless_at", sa.BigInteger(), nullable=True),
        sa.Column("lease_owner", sa.String(length=60), nullable=True),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(finished_at is null) = (state in ('waiting', 'running'))", name=op.f("ck_job_finished")),
        sa.CheckConstraint("(lease_owner is null) = (state <> 'running')", name=op.f("ck_job_lease")),
        sa.CheckConstraint("state in ('waiting', 'running', 'done', 'dead', 'cancelled')", name=op.f("ck_job_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("name", name=op.f("uq_job_name")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(
            "ix_job_due_at",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("finished_at is null"),
            postgresql_where=sa.text("finished_at is null"),
        )
        batch_op.create_index(
            "ix_job_finished_at",
            ["finished_at"],
            unique=False,
            sqlite_where=sa.text("finished_at is not null"),
            postgresql_where=sa.text("finished_at is not null"),
        )

    op.create_table(
        "kept_message",
        sa.Column("id", ID, nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_message")),
    )
    with op.batch_alter_table("kept_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kept_message_recipient"), ["recipient"], unique=False)

    op.create_table(
        "lot",
        sa.Column("member_id", ID, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("grant_number", sa.BigInteger(), nullable=False),
        sa.Column("wallet", sa.String(length=60), nullable=False),
        sa.Column("original", sa.BigInteger(), nullable=False),
        sa.Column("remaining", sa.BigInteger(), nullable=False),
        sa.Column("earned_at", sa.BigInteger(), nullable=False),
        sa.Column("release_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("last_valid_day", sa.String(length=10), nullable=True),
        sa.Column("released", sa.Boolean(), nullable=False),
        sa.Column("cause", sa.String(length=80), nullable=False),
        sa.Column("budget", sa.String(length=80), nullable=True),
        sa.Column("rule", sa.String(length=80), nullable=True),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("expired", sa.BigInteger(), nullable=False),
        sa.Column("reversed", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("remaining + held + expired <= original", name=op.f("ck_lot_original")),
        sa.CheckConstraint("remaining >= 0 and held >= 0 and expired >= 0", name=op.f("ck_lot_points")),
        sa.CheckConstraint("reversed between 0 and original", name=op.f("ck_lot_reversed")),
        sa.PrimaryKeyConstraint("member_id", "number", name=op.f("pk_lot")),
    )
    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.create_index(
            "ix_lot_open",
            ["member_id", "expires_at", "number"],
            unique=False,
            sqlite_where=sa.text("remaining + held > 0"),
            postgresql_where=sa.text("remaining + held > 0"),
        )

    op.create_table(
        "member",
        sa.Column("id", ID, nullable=False),
        sa.Column("card_number", sa.String(length=10), nullable=True),
        sa.Column("state", sa.String(length=6), nullable=False),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=True),
        sa.Column("referrer_id", ID, nullable=True),
        sa.Column("referred_by", sa.String(length=120), nullable=True),
        sa.Column("agent_id", ID, nullable=True),
        sa.Column("contact_changed_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(left_at is null) = (state = 'active')", name=op.f("ck_member_left")),
        sa.CheckConstraint("state in ('active', 'left')", name=op.f("ck_member_state")),
        sa.CheckConstraint("referrer_id <> id", name=op.f("ck_member_referrer")),
        sa.ForeignKeyConstraint(["agent_id"], ["member.id"], name=op.f("fk_member_agent_id_member")),
        sa.ForeignKeyConstraint(["referrer_id"], ["member.id"], name=op.f("fk_member_referrer_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("card_number", name=op.f("uq_member_card_number")),
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_agent_id"), ["agent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_member_referrer_id"), ["referrer_id"], unique=False)

    op.create_table(
        "member_event",
        sa.Column("client", sa.String(length=80), nullable=False),
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.PrimaryKeyConstraint("client", "id", name=op.f("pk_member_event")),
    )
    with op.batch_alter_table("member_event", schema=None) as batch_op:
        batch_op.create_index("ix_member_event_member_id", ["member_id", "at"], unique=False)

    op.create_table(
        "privilege",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("privilege", sa.String(length=80), nullable=False),
        sa.Column("opened_by", ID, nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=True),
        sa.Column("uses_left", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(uses is null or uses > 0) and (uses_left is null or uses_left >= 0)", name=op.f("ck_privilege_uses")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privilege")),
    )
    with op.batch_alter_table("privilege", schema=None) as batch_op:
        batch_op.create_index(
            "ix_privilege_member_id",
            ["member_id", "until"],
            unique=False,
            sqlite_where=sa.text("uses_left is null or uses_left > 0"),
            postgresql_where=sa.text("uses_left is null or uses_left > 0"),
        )
        batch_op.create_index("ix_privilege_opened_by", ["opened_by"], unique=False)

    op.create_table(
        "purchase_history",
        sa.Column("member_id", ID, nullable=False),
        sa.Column("turns", sa.BigInteger(), nullable=False),
        sa.Column("purchases", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=True),
        sa.Column("last_net", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("purchases >= 0", name=op.f("ck_purchase_history_purchases")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_purchase_history")),
    )
    op.create_table(
        "receipt",
        sa.Column("id", ID, nullable=False),
        sa.Column("store", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("till", sa.String(length=40), nullable=True),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("client", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("rulebook", sa.String(length=160), nullable=False),
        sa.Column("rulebook_digest", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.Column("state", JSON, nullable=False),
        sa.Column("outcome", JSON, nullable=False),
        sa.Column("used", JSON, nullable=False),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("points_spent", sa.BigInteger(), nullable=False),
        sa.Column("earned", sa.BigInteger(), nullable=False),
        sa.Column("fully_returned", sa.Boolean(), nullable=False),
        sa.CheckConstraint("gross >= net and net >= due and due >= 0", name=op.f("ck_receipt_money")),
        sa.CheckConstraint("points_spent >= 0 and earned >= 0", name=op.f("ck_receipt_points")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("store", "number", name=op.f("uq_receipt_store_number")),
    )
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.create_index("ix_receipt_member_id", ["member_id", "at", "id"], unique=False)
        batch_op.create_index(
            "ix_receipt_standing",
            ["member_id", "at", "id"],
            unique=False,
            sqlite_where=sa.text("not fully_returned"),
            postgresql_where=sa.text("not fully_returned"),
        )

    op.create_table(
        "rule_usage",
        sa.Column("member_id", ID, nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("uses", sa.BigInteger(), nullable=False),
        sa.Column("turns", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("points >= 0 and minor >= 0 and uses >= 0", name=op.f("ck_rule_usage_amounts")),
        sa.PrimaryKeyConstraint("member_id", "day", "rule", name=op.f("pk_rule_usage")),
    )
    op.create_table(
        "rulebook_version",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.Column("effective_from", sa.BigInteger(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulebook_version")),
        sa.UniqueConstraint("name", "version", name=op.f("uq_rulebook_version_name_version")),
    )
    with op.batch_alter_table("rulebook_version", schema=None) as batch_op:
        batch_op.create_index("ix_rulebook_version_effective_from", ["effective_from"], unique=False)

    op.create_table(
        "segment_assignment",
        sa.Column("member_id", ID, nullable=False),
        sa.Column("segment", sa.String(length=80), nullable=False),
        sa.Column("assigned_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("uses_left", sa.Integer(), nullable=True),
        sa.CheckConstraint("uses_left is null or uses_left >= 0", name=op.f("ck_segment_assignment_uses")),
        sa.PrimaryKeyConstraint("member_id", "segment", name=op.f("pk_segment_assignment")),
    )
    op.create_table(
        "sign_in_code",
        sa.Column("id", ID, nullable=False),
        sa.Column("contact_hash", sa.String(length=64), nullable=False),
        sa.Column("prefix", sa.String(length=8), nullable=True),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("block_hash", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_code")),
    )
    with op.batch_alter_table("sign_in_code", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_code_address_hash", ["address_hash", "created_at"], unique=False)
        batch_op.create_index("ix_sign_in_code_block_hash", ["block_hash", "created_at"], unique=False)
        batch_op.create_index("ix_sign_in_code_contact_hash", ["contact_hash", "created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_code_created_at"), ["created_at"], unique=False)
        batch_op.create_index("ix_sign_in_code_prefix", ["prefix", "created_at"], unique=False)

    op.create_table(
        "sign_in_gate",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("touched_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_gate")),
    )
    with op.batch_alter_table("sign_in_gate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_gate_touched_at"), ["touched_at"], unique=False)

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
        sa.CheckConstraint("role in ('cashier', 'manager', 'owner')", name=op.f("ck_staff_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("member_id", name=op.f("uq_staff_member_id")),
        sa.UniqueConstraint("name", name=op.f("uq_staff_name")),
    )
    op.create_table(
        "till_device",
        sa.Column("id", ID, nullable=False),
        sa.Column("store", sa.String(length=40), nullable=False),
        sa.Column("till", sa.String(length=40), nullable=False),
        sa.Column("enrol_code_hash", sa.String(length=64), nullable=True),
        sa.Column("enrol_code_ends_at", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("enrolled_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(token_hash is null) = (enrolled_at is null)", name=op.f("ck_till_device_enrolled")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_till_device")),
        sa.UniqueConstraint("enrol_code_hash", name=op.f("uq_till_device_enrol_code_hash")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_till_device_token_hash")),
    )
    op.create_table(
        "consent",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=True),
        sa.Column("decision", sa.String(length=9), nullable=False),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("text_language", sa.String(length=8), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("proof", sa.String(length=64), nullable=True),
        sa.CheckConstraint("decision in ('granted', 'refused', 'withdrawn')", name=op.f("ck_consent_decision")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_consent_member_id_member")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index("ix_consent_member_id", ["member_id", "purpose", "number"], unique=False)

    op.create_table(
        "identity",
        sa.Column("member_id", ID, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=True),
        sa.Column("phone_verified_at", sa.BigInteger(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("email_person", sa.String(length=254), nullable=True),
        sa.Column("email_verified_at", sa.BigInteger(), nullable=True),
        sa.Column("external", sa.String(length=80), nullable=True),
        sa.Column("birthday", sa.Date(), nullable=True),
        sa.Column("birthday_given_at", sa.BigInteger(), nullable=True),
        sa.Column("birthday_changed_at", sa.BigInteger(), nullable=True),
        sa.Column("holiday", sa.Date(), nullable=True),
        sa.Column("holiday_title", sa.String(length=80), nullable=True),
        sa.Column("holiday_given_at", sa.BigInteger(), nullable=True),
        sa.Column("holiday_changed_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(email is null) = (email_person is null)", name=op.f("ck_identity_email")),
        sa.CheckConstraint("birthday is null or birthday_given_at is not null", name=op.f("ck_identity_birthday")),
        sa.CheckConstraint("holiday is null or holiday_given_at is not null", name=op.f("ck_identity_holiday")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_identity_member_id_member")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_identity")),
        sa.UniqueConstraint("email", name=op.f("uq_identity_email")),
        sa.UniqueConstraint("external", name=op.f("uq_identity_external")),
        sa.UniqueConstraint("phone", name=op.f("uq_identity_phone")),
    )
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identity_email_person"), ["email_person"], unique=False)

    op.create_table(
        "login_session",
        sa.Column("id", ID, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("open_until", sa.BigInteger(), nullable=False),
        sa.Column("fresh_until", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_login_session_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_session_token_hash")),
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_session_member_id"), ["member_id"], unique=False)

    op.create_table(
        "refund",
        sa.Column("id", ID, nullable=False),
        sa.Column("receipt_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("lines", JSON, nullable=False),
        sa.Column("result", JSON, nullable=False),
        sa.Column("money", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipt.id"], name=op.f("fk_refund_receipt_id_receipt")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        sa.UniqueConstraint("receipt_id", "number", name=op.f("uq_refund_receipt_id_number")),
    )
    op.create_table(
        "staff_session",
        sa.Column("id", ID, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("device_id", ID, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("pin_entered_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["till_device.id"], name=op.f("fk_staff_session_device_id_till_device")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_session_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_session_token_hash")),
    )
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_session_device_id"), ["device_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_staff_session_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "card_device",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("session_id", ID, nullable=True),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_window", sa.BigInteger(), nullable=True),
        sa.Column("last_shown_at", sa.BigInteger(), nullable=True),
        sa.Column("last_shown_to", sa.String(length=64), nullable=True),
        sa.Column("spent_for", sa.String(length=160), nullable=True),
        sa.Column("bad_macs", sa.Integer(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_card_device_member_id_member")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["login_session.id"], name=op.f("fk_card_device_session_id_login_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_device")),
        sa.UniqueConstraint("session_id", name=op.f("uq_card_device_session_id")),
    )
    with op.batch_alter_table("card_device", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_card_device_member_id"), ["member_id"], unique=False)

    op.append_only("audit_entry")
    op.append_only("consent_text")
    op.append_only("consumption", columns=["member_id", "number", "lot", "position", "points"])
    op.append_only("debt_item", columns=["member_id", "number", "wallet", "points", "since", "write_off_at"])
    op.append_only("entry")
    op.append_only("event")
    op.append_only("hold", columns=["id", "member_id", "number", "wallet", "points", "takes", "at", "expires_at"])
    op.append_only(
        "lot",
        columns=[
            "member_id",
            "number",
            "grant_number",
            "wallet",
            "original",
            "earned_at",
            "release_at",
            "expires_at",
            "last_valid_day",
            "cause",
            "budget",
            "rule",
        ],
    )
    op.append_only("member_event")
    op.append_only(
        "receipt",
        columns=[
            "id",
            "store",
            "number",
            "till",
            "channel",
            "at",
            "recorded_at",
            "client",
            "key",
            "member_id",
            "rulebook",
            "rulebook_digest",
            "digest",
            "document",
            "state",
            "outcome",
            "used",
            "gross",
            "net",
            "due",
            "points_spent",
            "earned",
        ],
    )
    op.append_only("rulebook_version")
    op.append_only("consent")
    op.append_only("refund")


def downgrade() -> None:
    with op.batch_alter_table("card_device", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_card_device_member_id"))

    op.drop_table("card_device")
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_session_staff_id"))
        batch_op.drop_index(batch_op.f("ix_staff_session_device_id"))

    op.drop_table("staff_session")
    op.drop_table("refund")
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_session_member_id"))

    op.drop_table("login_session")
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identity_email_person"))

    op.drop_table("identity")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index("ix_consent_member_id")

    op.drop_table("consent")
    op.drop_table("till_device")
    op.drop_table("staff")
    with op.batch_alter_table("sign_in_gate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_gate_touched_at"))

    op.drop_table("sign_in_gate")
    with op.batch_alter_table("sign_in_code", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_code_prefix")
        batch_op.drop_index(batch_op.f("ix_sign_in_code_created_at"))
        batch_op.drop_index("ix_sign_in_code_contact_hash")
        batch_op.drop_index("ix_sign_in_code_block_hash")
        batch_op.drop_index("ix_sign_in_code_address_hash")

    op.drop_table("sign_in_code")
    op.drop_table("segment_assignment")
    with op.batch_alter_table("rulebook_version", schema=None) as batch_op:
        batch_op.drop_index("ix_rulebook_version_effective_from")

    op.drop_table("rulebook_version")
    op.drop_table("rule_usage")
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_receipt_standing",
            sqlite_where=sa.text("not fully_returned"),
            postgresql_where=sa.text("not fully_returned"),
        )
        batch_op.drop_index("ix_receipt_member_id")

    op.drop_table("receipt")
    op.drop_table("purchase_history")
    with op.batch_alter_table("privilege", schema=None) as batch_op:
        batch_op.drop_index("ix_privilege_opened_by")
        batch_op.drop_index(
            "ix_privilege_member_id",
            sqlite_where=sa.text("uses_left is null or uses_left > 0"),
            postgresql_where=sa.text("uses_left is null or uses_left > 0"),
        )

    op.drop_table("privilege")
    with op.batch_alter_table("member_event", schema=None) as batch_op:
        batch_op.drop_index("ix_member_event_member_id")

    op.drop_table("member_event")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_referrer_id"))
        batch_op.drop_index(batch_op.f("ix_member_agent_id"))

    op.drop_table("member")
    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_lot_open",
            sqlite_where=sa.text("remaining + held > 0"),
            postgresql_where=sa.text("remaining + held > 0"),
        )

    op.drop_table("lot")
    with op.batch_alter_table("kept_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kept_message_recipient"))

    op.drop_table("kept_message")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_job_finished_at",
            sqlite_where=sa.text("finished_at is not null"),
            postgresql_where=sa.text("finished_at is not null"),
        )
        batch_op.drop_index(
            "ix_job_due_at",
            sqlite_where=sa.text("finished_at is null"),
            postgresql_where=sa.text("finished_at is null"),
        )

    op.drop_table("job")
    op.drop_table("idempotency")
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_hold_active", sqlite_where=sa.text("state = 'active'"), postgresql_where=sa.text("state = 'active'")
        )

    op.drop_table("hold")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_member_id")

    op.drop_table("event")
    op.drop_table("entry")
    op.drop_table("debt_item")
    with op.batch_alter_table("coupon", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_coupon_member_id",
            sqlite_where=sa.text("uses_left is null or uses_left > 0"),
            postgresql_where=sa.text("uses_left is null or uses_left > 0"),
        )
        batch_op.drop_index("ix_coupon_issued_by")

    op.drop_table("coupon")
    with op.batch_alter_table("contact_tombstone", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_tombstone_buried_at"))

    op.drop_table("contact_tombstone")
    op.drop_table("consumption")
    op.drop_table("consent_text")
    with op.batch_alter_table("book", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_book_due_at", sqlite_where=sa.text("due_at is not null"), postgresql_where=sa.text("due_at is not null")
        )

    op.drop_table("book")
    op.drop_table("birthday_use")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_subject_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_action"))

    op.drop_table("audit_entry")
    op.drop_table("api_key")
    with op.batch_alter_table("adjustment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_adjustment_member_id"))
        batch_op.drop_index("ix_adjustment_asked_by")

    op.drop_table("adjustment")
    op.drop_table("account")
