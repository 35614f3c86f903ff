"""Codes, invite links, clicks, what every joining came by; and those above a member's referrer beside the member."""

import sqlalchemy as sa
from alembic import op

revision = "referrals"
down_revision = "no_truncate"

ID = sa.String(26).with_variant(sa.String(26, collation="C"), "postgresql")
SHA256 = sa.String(64)
ABOVE = ("second_referrer_id", "third_referrer_id")
OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    with op.batch_alter_table("member", schema=None) as batch_op:
        for column in ABOVE:
            batch_op.add_column(sa.Column(column, ID, nullable=True))
            batch_op.create_index(batch_op.f(f"ix_member_{column}"), [column], unique=False)
    _name_those_above()
    _create_codes()
    _create_links()
    _create_joinings()
    _create_reviews()


def _name_those_above() -> None:
    """A ring, which only an import can have made, ends where it closes."""
    above = "(select a.referrer_id from member a where a.id = member.{0})"
    op.execute(
        f"update member set second_referrer_id = {above.format('referrer_id')} where referrer_id is not null "
        f"and {above.format('referrer_id')} not in (id, referrer_id)"
    )
    op.execute(
        f"update member set third_referrer_id = {above.format('second_referrer_id')} "
        f"where second_referrer_id is not null "
        f"and {above.format('second_referrer_id')} not in (id, referrer_id, second_referrer_id)"
    )


def _create_codes() -> None:
    op.create_table(
        "invite_code",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("shown", sa.String(length=8), nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("number in (1, 2)", name=op.f("ck_invite_code_number")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_invite_code")),
        sa.UniqueConstraint("member_id", "number", name=op.f("uq_invite_code_member_id_number")),
    )


def _create_links() -> None:
    kinds = "owner_kind in ('member', 'agent', 'partner', 'channel', 'post')"
    op.create_table(
        "invite_link",
        sa.Column("id", ID, nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("owner_kind", sa.String(length=8), nullable=False),
        sa.Column("owner_id", ID, nullable=True),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("medium", sa.String(length=60), nullable=False),
        sa.Column("campaign", sa.String(length=60), nullable=False),
        sa.Column("opens_at", sa.BigInteger(), nullable=True),
        sa.Column("closes_at", sa.BigInteger(), nullable=True),
        sa.Column("join_limit", sa.Integer(), nullable=True),
        sa.Column("joins", sa.Integer(), nullable=False),
        sa.Column("welcome_points", sa.Integer(), nullable=True),
        sa.Column("segment", sa.String(length=80), nullable=True),
        sa.Column("privilege", sa.String(length=80), nullable=True),
        sa.Column("privilege_days", sa.Integer(), nullable=True),
        sa.Column("cost_minor", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(kinds, name=op.f("ck_invite_link_owner_kind")),
        sa.CheckConstraint("join_limit is null or joins <= join_limit", name=op.f("ck_invite_link_joins")),
        sa.CheckConstraint("cost_minor >= 0", name=op.f("ck_invite_link_cost")),
        sa.CheckConstraint("(privilege is null) = (privilege_days is null)", name=op.f("ck_invite_link_privilege")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invite_link")),
        sa.UniqueConstraint("slug", name=op.f("uq_invite_link_slug")),
    )
    op.create_table(
        "invite_click",
        sa.Column("place", ID, nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("clicks", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("place", "day", name=op.f("pk_invite_click")),
    )


def _create_joinings() -> None:
    op.create_table(
        "joining",
        sa.Column("member_id", ID, nullable=False),
        sa.Column("referrer_id", ID, nullable=True),
        sa.Column("link_id", ID, nullable=True),
        sa.Column("came_by", sa.String(length=4), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("first_click_at", sa.BigInteger(), nullable=True),
        sa.Column("last_click_at", sa.BigInteger(), nullable=True),
        sa.Column("device_hash", SHA256, nullable=True),
        sa.Column("block_hash", SHA256, nullable=True),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_joining")),
    )
    op.execute(
        "insert into joining (member_id, referrer_id, came_by, decision, joined_at) "
        "select id, referrer_id, 'told', 'ok', joined_at from member where referrer_id is not null"
    )
    with op.batch_alter_table("joining", schema=None) as batch_op:
        for column in ("referrer_id", "link_id", "block_hash"):
            batch_op.create_index(f"ix_joining_{column}", [column, "joined_at"], unique=False)
    op.create_table(
        "known_device",
        sa.Column("device_hash", SHA256, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("device_hash", "member_id", name=op.f("pk_known_device")),
    )
    with op.batch_alter_table("known_device", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_known_device_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_known_device_seen_at"), ["seen_at"], unique=False)


def _create_reviews() -> None:
    op.create_table(
        "referral_review",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("referrer_id", ID, nullable=True),
        sa.Column("signal", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.CheckConstraint("signal in ('address_block', 'same_till')", name=op.f("ck_referral_review_signal")),
        sa.CheckConstraint("state in ('open', 'cleared', 'refused')", name=op.f("ck_referral_review_state")),
        sa.CheckConstraint("(state = 'open') = (decided_at is null)", name=op.f("ck_referral_review_decided")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_review")),
        sa.UniqueConstraint("member_id", "signal", name=op.f("uq_referral_review_member_id_signal")),
    )
    with op.batch_alter_table("referral_review", schema=None) as batch_op:
        batch_op.create_index(
            "ix_referral_review_open", ["opened_at"], unique=False, sqlite_where=OPEN, postgresql_where=OPEN
        )


def downgrade() -> None:
    for table in ("referral_review", "known_device", "joining", "invite_click", "invite_link", "invite_code"):
        op.drop_table(table)
    with op.batch_alter_table("member", schema=None) as batch_op:
        for column in ABOVE:
            batch_op.drop_index(batch_op.f(f"ix_member_{column}"))
            batch_op.drop_column(column)
