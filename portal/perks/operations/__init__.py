"""Writes of perks: what members hold, wrong codes, the shelf, certificates."""

from portal.perks.operations.guesses import (
    TooManyGuesses,
    forget_guesses,
    note_guess,
    note_guesses,
    refuse_many_guesses,
)
from portal.perks.operations.held import (
    close,
    give_coupon,
    issue_coupon,
    lock_coupons,
    new_coupon_code,
    open_privilege,
    undo,
    use_coupons,
    use_privileges,
    write_privilege,
)

__all__ = [
    "TooManyGuesses",
    "close",
    "forget_guesses",
    "give_coupon",
    "issue_coupon",
    "lock_coupons",
    "new_coupon_code",
    "note_guess",
    "note_guesses",
    "open_privilege",
    "refuse_many_guesses",
    "undo",
    "use_coupons",
    "use_privileges",
    "write_privilege",
]
