"""Writes about members; none of them commits."""

from portal.members.operations.agents import OwnAgent, set_agent
from portal.members.operations.asking import (
    AskedCode,
    CodesPaused,
    PhoneNotServed,
    PhonesPaused,
    TooManyCodes,
    ask_code,
)
from portal.members.operations.consents import (
    Answer,
    ConsentTextFixed,
    UnknownConsentText,
    add_consent_text,
    record_consents,
    withdraw_consent,
    withdraw_everything,
)
from portal.members.operations.devices import SHOW_CODE, count_bad_mac, enrol_device, hand_out_key, show_code
from portal.members.operations.enrol import (
    ContactNeeded,
    ContactsOfTwo,
    Enrolled,
    Newcomer,
    find_or_enrol,
)
from portal.members.operations.entering import (
    CodeNotRight,
    CodeOver,
    Entered,
    TooManyTries,
    enter_code,
    forget_codes,
)
from portal.members.operations.identify import CodeForged, MemberLeft, UnknownMember, see_code
from portal.members.operations.leaving import erase, leave
from portal.members.operations.profile import (
    ContactChange,
    ContactTaken,
    Correction,
    change_contact,
    correct_profile,
    set_birthday,
    set_holiday,
    verify_contact,
)
from portal.members.operations.referrers import UnknownReferrer, bring, unbring
from portal.members.operations.sessions import (
    OpenedSession,
    forget_sessions,
    freshen_session,
    open_session,
    revoke_session,
    revoke_sessions,
    see_session,
)
from portal.members.operations.shown import note_shown
from portal.members.operations.tombstones import forget_tombstones

__all__ = [
    "SHOW_CODE",
    "Answer",
    "AskedCode",
    "CodeForged",
    "CodeNotRight",
    "CodeOver",
    "CodesPaused",
    "ConsentTextFixed",
    "ContactChange",
    "ContactNeeded",
    "ContactTaken",
    "ContactsOfTwo",
    "Correction",
    "Enrolled",
    "Entered",
    "MemberLeft",
    "Newcomer",
    "OpenedSession",
    "OwnAgent",
    "PhoneNotServed",
    "PhonesPaused",
    "TooManyCodes",
    "TooManyTries",
    "UnknownConsentText",
    "UnknownMember",
    "UnknownReferrer",
    "add_consent_text",
    "ask_code",
    "bring",
    "change_contact",
    "correct_profile",
    "count_bad_mac",
    "enrol_device",
    "enter_code",
    "erase",
    "find_or_enrol",
    "forget_codes",
    "forget_sessions",
    "forget_tombstones",
    "freshen_session",
    "hand_out_key",
    "leave",
    "note_shown",
    "open_session",
    "record_consents",
    "revoke_session",
    "revoke_sessions",
    "see_code",
    "see_session",
    "set_agent",
    "set_birthday",
    "set_holiday",
    "show_code",
    "unbring",
    "verify_contact",
    "withdraw_consent",
    "withdraw_everything",
]
