"""Reads of members."""

from portal.members.queries.consents import (
    Decision,
    ShownText,
    consent_history,
    current_consents,
    current_text,
    find_text,
    has_consented,
)
from portal.members.queries.people import (
    MEMBER_KEY,
    Profile,
    active_agent_of,
    active_referrer_of,
    been_here_before,
    find_contacts,
    find_person,
    find_profile,
    member_id_by,
    person_column,
)
from portal.members.queries.sessions import (
    ListedSession,
    SignedIn,
    find_card_device,
    find_session,
    list_sessions,
)

__all__ = [
    "MEMBER_KEY",
    "Decision",
    "ListedSession",
    "Profile",
    "ShownText",
    "SignedIn",
    "active_agent_of",
    "active_referrer_of",
    "been_here_before",
    "consent_history",
    "current_consents",
    "current_text",
    "find_card_device",
    "find_contacts",
    "find_person",
    "find_profile",
    "find_session",
    "find_text",
    "has_consented",
    "list_sessions",
    "member_id_by",
    "person_column",
]
