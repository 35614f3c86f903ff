"""Who brings a member's orders, such as a designer whose client buys (domain.md §3.5)."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.members.tables import Member


class OwnAgent(Refused):
    code = "own-agent"
    text = "Nobody is their own agent."


def set_agent(session: Session, member_id: str, agent_id: str | None) -> None:
    """Give a member an agent, who is a member too, or take the agent away. Raises `OwnAgent`."""
    if agent_id == member_id:
        raise OwnAgent
    session.execute(update(Member).where(Member.id == member_id).values(agent_id=agent_id))
