"""Reads of staff, tills, keys and the audit."""

from portal.staff.queries.audit import check_audit, count_deeds, list_erased, read_audit
from portal.staff.queries.joins import Join, count_joined, joined_lately, list_joins
from portal.staff.queries.keys import ListedKey, find_key, list_keys, standing_key_column
from portal.staff.queries.people import ListedStaff, card_owner, find_name, list_staff, person_behind
from portal.staff.queries.tills import ListedDevice, find_device, find_shift, list_devices

__all__ = [
    "Join",
    "ListedDevice",
    "ListedKey",
    "ListedStaff",
    "card_owner",
    "check_audit",
    "count_deeds",
    "count_joined",
    "find_device",
    "find_key",
    "find_name",
    "find_shift",
    "joined_lately",
    "list_devices",
    "list_erased",
    "list_joins",
    "list_keys",
    "list_staff",
    "person_behind",
    "read_audit",
    "standing_key_column",
]
