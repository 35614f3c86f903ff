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
from portal.members.queries.parties import active_above, active_agent_of, active_referrer_of, parties_by
from portal.members.queries.people import (
    MEMBER_KEY,
    Named,
    find_person,
    found_by,
    named_column,
    person_column,
    read_named,
)
from portal.members.queries.profiles import Profile, been_here_before, find_contacts, find_profile
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
    "Named",
    "Profile",
    "ShownText",
    "SignedIn",
    "active_above",
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
    "found_by",
    "has_consented",
    "list_sessions",
    "named_column",
    "parties_by",
    "person_column",
    "read_named",
]
