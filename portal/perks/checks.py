"""Prove what is kept of perks: certificates are worth the sum of their entries, the shelf counts what members have."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.perks.tables import Certificate, CertificateEntry, Reward, TakenReward


def check_perks(session: Session) -> Iterator[str]:
    """Give everything that is wrong, in a sentence each."""
    told = select(func.coalesce(func.sum(CertificateEntry.amount), 0)).where(
        CertificateEntry.certificate_id == Certificate.id
    )
    wrong = select(Certificate.id, Certificate.left_over, told.scalar_subquery()).where(
        Certificate.left_over != told.scalar_subquery()
    )
    for certificate_id, left, summed in session.execute(wrong):
        yield f"certificate {certificate_id}: {left} left, its entries come to {summed}"
    kept = select(func.count()).where(TakenReward.reward_id == Reward.id, TakenReward.state != "returned")
    miscounted = select(Reward.id, Reward.taken, kept.scalar_subquery()).where(Reward.taken != kept.scalar_subquery())
    for reward_id, taken, counted in session.execute(miscounted):
        yield f"reward {reward_id}: {taken} are taken, members have {counted}"
