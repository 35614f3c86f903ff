"""What messages are about; members choose by topic."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """`marketing` needs consent and keeps to the budget; what `always` comes no choice silences."""

    name: str
    marketing: bool = False
    always: bool = False


PURCHASES = Topic("purchases")
POINTS = Topic("points")
OFFERS = Topic("offers", marketing=True)
ANSWERS = Topic("answers")
SECURITY = Topic("security", always=True)

TOPICS = {topic.name: topic for topic in (PURCHASES, POINTS, ANSWERS, OFFERS, SECURITY)}
CHOSEN = tuple(topic for topic in TOPICS.values() if not topic.always)
"""The topics a member may switch."""
