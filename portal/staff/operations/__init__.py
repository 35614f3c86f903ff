"""Writes about staff, tills, keys and the audit; none of them commits."""

from portal.staff.operations.audit import audit
from portal.staff.operations.devices import (
    EnrolledDevice,
    Invitation,
    UnknownDevice,
    enrol_till,
    invite_device,
    revoke_till,
)
from portal.staff.operations.joining import join_code, note_joined
from portal.staff.operations.keys import NewKey, UnknownKey, make_key, revoke_key, use_key, use_key_afterwards
from portal.staff.operations.own_cards import OwnCardSeen, allow_own_card, refuse_own_card_alone
from portal.staff.operations.people import (
    NewStaff,
    StaffNameTaken,
    UnknownStaff,
    WrongStaffName,
    add_staff,
    change_role,
    forget_own_card,
    let_go,
    link_own_card,
    reset_pin,
)
from portal.staff.operations.queues import QueueLink, Seller, follow_queue, note_refused, seller_at
from portal.staff.operations.searches import TooManySearches, note_search, refuse_many_searches
from portal.staff.operations.seconds import AnotherPersonNeeded, SecondEntry, call_second
from portal.staff.operations.shifts import (
    PinEntry,
    PinLocked,
    PinWrong,
    end_shift,
    end_shifts_of,
    end_shifts_on,
    see_shift,
    start_shift,
    type_pin_again,
)

__all__ = [
    "AnotherPersonNeeded",
    "EnrolledDevice",
    "Invitation",
    "NewKey",
    "NewStaff",
    "OwnCardSeen",
    "PinEntry",
    "PinLocked",
    "PinWrong",
    "QueueLink",
    "SecondEntry",
    "Seller",
    "StaffNameTaken",
    "TooManySearches",
    "UnknownDevice",
    "UnknownKey",
    "UnknownStaff",
    "WrongStaffName",
    "add_staff",
    "allow_own_card",
    "audit",
    "call_second",
    "change_role",
    "end_shift",
    "end_shifts_of",
    "end_shifts_on",
    "enrol_till",
    "follow_queue",
    "forget_own_card",
    "invite_device",
    "join_code",
    "let_go",
    "link_own_card",
    "make_key",
    "note_joined",
    "note_refused",
    "note_search",
    "refuse_many_searches",
    "refuse_own_card_alone",
    "reset_pin",
    "revoke_key",
    "revoke_till",
    "see_shift",
    "seller_at",
    "start_shift",
    "type_pin_again",
    "use_key",
    "use_key_afterwards",
]
