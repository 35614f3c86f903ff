"""The points of one cause that a member has had, by rule."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.ledger.accruals import POINTS
from portal.ledger.tables import EntryRow


def earned_by_cause(session: Session, member_id: str, cause: str) -> dict[str | None, int]:
    """Return the points a member earned for a cause, less what was taken back, by the rule that gave them."""
    earned = (
        select(EntryRow.rule, func.sum(-EntryRow.issued))
        .where(
            EntryRow.member_id == member_id,
            EntryRow.cause == cause,
            EntryRow.wallet == POINTS,
            EntryRow.kind.in_(("accrual", "reversal")),
        )
        .group_by(EntryRow.rule)
    )
    return {rule: int(points) for rule, points in session.execute(earned)}
