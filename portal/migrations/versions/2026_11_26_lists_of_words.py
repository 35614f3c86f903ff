"""Drop checks of words on PostgreSQL, which reads each of them out of its text at every statement (decision 0030)."""

from alembic import op

revision = "lists_of_words"
down_revision = "receipt_index"

_CHECKS = {
    ("entry", "ck_entry_kind"): (
        "kind in ('accrual', 'release', 'hold', 'capture', 'void', 'timeout', 'redemption', 'expiry', 'restoration', "
        "'reversal', 'settlement', 'write_off', 'adjustment', 'forfeit')"
    ),
    ("job", "ck_job_finished"): "(finished_at is null) = (state in ('waiting', 'running'))",
    ("job", "ck_job_lease"): "(lease_owner is null) = (state <> 'running')",
    ("job", "ck_job_state"): "state in ('waiting', 'running', 'done', 'dead', 'cancelled')",
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, name in _CHECKS:
            op.drop_constraint(name, table)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for (table, name), rule in _CHECKS.items():
            op.create_check_constraint(op.f(name), table, rule)
