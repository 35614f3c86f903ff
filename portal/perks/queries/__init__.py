"""Reads of perks."""

from portal.perks.queries.guesses import WINDOW, guesses_column, read_guesses, too_many
from portal.perks.queries.held import (
    HeldCoupon,
    HeldPrivilege,
    code_taken,
    coupons_column,
    coupons_of,
    find_coupons,
    issued_codes,
    opened_since,
    own_coupons_column,
    privileges_column,
    privileges_of,
    read_coupons,
    read_privileges,
)

__all__ = [
    "WINDOW",
    "HeldCoupon",
    "HeldPrivilege",
    "code_taken",
    "coupons_column",
    "coupons_of",
    "find_coupons",
    "guesses_column",
    "issued_codes",
    "opened_since",
    "own_coupons_column",
    "privileges_column",
    "privileges_of",
    "read_coupons",
    "read_guesses",
    "read_privileges",
    "too_many",
]
