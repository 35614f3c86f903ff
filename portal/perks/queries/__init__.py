"""Reads of perks."""

from portal.perks.queries.held import (
    HeldCoupon,
    HeldPrivilege,
    code_taken,
    coupons_column,
    coupons_of,
    find_coupons,
    opened_since,
    own_coupons_column,
    privileges_column,
    privileges_of,
    read_coupons,
    read_privileges,
)

__all__ = [
    "HeldCoupon",
    "HeldPrivilege",
    "code_taken",
    "coupons_column",
    "coupons_of",
    "find_coupons",
    "opened_since",
    "own_coupons_column",
    "privileges_column",
    "privileges_of",
    "read_coupons",
    "read_privileges",
]
