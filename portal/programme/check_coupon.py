"""A coupon's code is typed at a till or by a member: it is good for this buyer now, or the answer says nothing of why.

Wrong ones are counted, so that nobody can try codes out (security.md §2).
"""

from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.perks.operations import note_guess, refuse_many_guesses
from portal.perks.queries import find_coupons
from portal.programme.command import Command
from portal.programme.public_codes import public_codes
from portal.programme.rulebooks import rulebook_in_force

_LONGEST = 80
_MISREAD = str.maketrans("OIL", "011")  # Crockford's base 32 has none of them


class CouponNotGood(Refused):
    code = "coupon-not-good"
    text = "This code gives nothing here: it is mistyped, used, over, or somebody else's."
    keeps = True


def check_coupon(session: Session, typed: str, *, member_id: str, command: Command) -> str:
    """Return the code as it is kept. Raises `CouponNotGood`, the same for whatever reason, or `TooManyGuesses`."""
    askers = (command.client, f"member:{member_id}")
    refuse_many_guesses(session, *askers, now=command.now)
    spelt = spellings(typed)
    public = public_codes(rulebook_in_force(session, at=command.now))
    issued = find_coupons(session, spelt, at=command.now)
    good = [each for each in spelt if each in public]
    good += [each.code for each in issued if each.member_id in {None, member_id}]
    if not good:
        note_guess(session, *askers, code=typed, now=command.now)
        raise CouponNotGood
    return good[0]


def spellings(typed: str) -> tuple[str, ...]:
    """Return what a typed code may mean: as it stands, in capitals, and as one of our random codes."""
    plain = "".join(letter for letter in typed[:_LONGEST] if letter.isprintable()).strip()
    capitals = plain.upper()
    ours = "".join(letter for letter in capitals if letter.isalnum()).translate(_MISREAD)
    return tuple(dict.fromkeys(each for each in (plain, capitals, ours) if each))
